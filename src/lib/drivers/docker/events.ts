import type { InstanceChange } from '../driver.ts';
import { exitCode } from './describe-container.ts';
import { LABEL } from './labels.ts';

/** What of Docker's event stream matters here. */
export const WATCHED_ACTIONS = ['create', 'die', 'oom', 'destroy', 'pause', 'unpause', 'start'] as const;
export type WatchedAction = (typeof WATCHED_ACTIONS)[number];

export interface DockerEvent {
  readonly action: WatchedAction;
  readonly containerId: string;
  readonly computeId: string;
  readonly atMs: number | null;
  /** Of `die`. */
  readonly code: number | null;
}

/** An instant as Docker writes it (RFC 3339 with nanoseconds), as its events take it: `1700000000.123456789`. */
export function eventTime(instant: string): string {
  const fraction = /\.(\d{1,9})/.exec(instant)?.[1] ?? '';
  const seconds = Math.floor(Date.parse(instant.replace(/\.\d+/, '')) / 1000);
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

/** Null for anything else. */
export function readEvent(line: Readonly<Record<string, unknown>>): DockerEvent | null {
  const action = WATCHED_ACTIONS.find((known) => known === line['Action']);
  const actor = line['Actor'];
  if (action === undefined || typeof actor !== 'object' || actor === null) return null;
  const { ID: containerId, Attributes: attributes } = actor as { ID?: unknown; Attributes?: Record<string, string> };
  const computeId = attributes?.[LABEL.compute];
  if (typeof containerId !== 'string' || computeId === undefined) return null;
  const { timeNano } = line;
  const code = attributes?.['exitCode'];
  return {
    action,
    containerId,
    computeId,
    atMs: typeof timeNano === 'number' ? Math.floor(timeNano / 1e6) : null,
    code: code === undefined ? null : Number(code),
  };
}

/**
 * @param isFirstProcessOutOfMemory whether an `oom` of the same container came before
 * @returns null for an event that says nothing by itself
 */
export function changeOf(event: DockerEvent, isFirstProcessOutOfMemory: boolean): InstanceChange | null {
  const { computeId, atMs, code } = event;
  switch (event.action) {
    case 'die':
      return {
        computeId,
        kind: 'ended',
        exit: code === null ? null : { atMs, ...exitCode(code, isFirstProcessOutOfMemory) },
      };
    case 'destroy':
      return { computeId, kind: 'removed', exit: null };
    case 'pause':
    case 'unpause':
    case 'start':
      return { computeId, kind: 'changed', exit: null };
    case 'create':
    case 'oom':
      return null;
  }
}
