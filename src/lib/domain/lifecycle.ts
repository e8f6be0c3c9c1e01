import { DozeError } from '../errors/index.ts';
import { STATES, type State } from './compute.ts';
import type { ComputeEventType } from './events.ts';

/** What a transition makes the outside do. Instance effects belong to a driver, segment effects to the ledger. */
export type Effect =
  | 'createInstance'
  | 'startInstance'
  | 'suspendInstance'
  | 'resizeInstance'
  | 'removeInstance'
  | 'purgeData'
  | 'openSegment'
  | 'closeSegment';

export interface Transition {
  readonly next: State;
  readonly effects: readonly Effect[];
}

function to(next: State, ...effects: Effect[]): Transition {
  return { next, effects };
}

/**
 * The life of a compute as data: `state x event -> {next, effects}`. What is not here is not legal.
 * The diagram in ARCHITECTURE.md is generated from this table.
 */
export const LIFECYCLE: Readonly<Record<State, Readonly<Partial<Record<ComputeEventType, Transition>>>>> = {
  creating: {
    dataCopied: to('creating'),
    started: to('active', 'openSegment'),
    failed: to('failed'),
    destroyRequested: to('destroying', 'removeInstance'),
    settingsChanged: to('creating'),
  },
  active: {
    suspendRequested: to('suspending', 'closeSegment', 'suspendInstance'),
    instanceStopped: to('suspended', 'closeSegment'),
    instanceCrashed: to('failed', 'closeSegment'),
    destroyRequested: to('destroying', 'closeSegment', 'removeInstance'),
    resized: to('active', 'closeSegment', 'openSegment', 'resizeInstance'),
    settingsChanged: to('active'),
  },
  suspending: {
    suspended: to('suspended'),
    failed: to('failed'),
    destroyRequested: to('destroying', 'removeInstance'),
    settingsChanged: to('suspending'),
  },
  suspended: {
    resumeRequested: to('resuming', 'startInstance'),
    suspendRequested: to('suspending', 'suspendInstance'),
    depthObserved: to('suspended'),
    snapshotRestoreRequested: to('suspended'),
    snapshotRestored: to('suspended'),
    snapshotRestoreFailed: to('suspended'),
    destroyRequested: to('destroying', 'removeInstance'),
    settingsChanged: to('suspended'),
  },
  resuming: {
    dataCopied: to('resuming'),
    started: to('active', 'openSegment'),
    failed: to('failed'),
    destroyRequested: to('destroying', 'removeInstance'),
    settingsChanged: to('resuming'),
  },
  destroying: {
    destroyed: to('destroyed'),
    failed: to('failed'),
  },
  destroyed: {
    restored: to('suspended'),
    purged: to('destroyed', 'purgeData'),
  },
  failed: {
    resumeRequested: to('resuming', 'startInstance'),
    snapshotRestoreRequested: to('failed'),
    snapshotRestored: to('suspended'),
    snapshotRestoreFailed: to('failed'),
    destroyRequested: to('destroying', 'removeInstance'),
    settingsChanged: to('failed'),
  },
};

/** Pure. Null when the event is not legal in this state. */
export function step(state: State, event: ComputeEventType): Transition | null {
  return LIFECYCLE[state][event] ?? null;
}

/** @throws STATE_CONFLICT, naming what is legal instead. */
export function requireStep(name: string, state: State, event: ComputeEventType): Transition {
  const transition = step(state, event);
  if (transition !== null) return transition;
  throw new DozeError(
    'STATE_CONFLICT',
    `compute "${name}" is ${state}: ${REFUSALS[event] ?? event} is not possible now`,
    {
      hint: WAY_OUT[state](name),
      details: { state, event },
    },
  );
}

const REFUSALS: Readonly<Partial<Record<ComputeEventType, string>>> = {
  suspendRequested: 'a suspend',
  resumeRequested: 'a resume',
  destroyRequested: 'destroying it',
  restored: 'a restore',
  resized: 'another size',
  settingsChanged: 'a change of its settings',
  snapshotRestoreRequested: 'going back to a snapshot',
};

const WAY_OUT: Readonly<Record<State, (name: string) => string>> = {
  creating: (name) => `doze compute wait ${name}`,
  active: (name) => `doze compute show ${name}`,
  suspending: (name) => `doze compute wait ${name} --state suspended`,
  suspended: (name) => `doze compute resume ${name}`,
  resuming: (name) => `doze compute wait ${name}`,
  destroying: () => 'doze compute list',
  destroyed: (name) => `doze compute start ${name} --restore`,
  failed: (name) => `doze compute resume ${name}`,
};

/** Mermaid source of the state diagram, for ARCHITECTURE.md. */
export function lifecycleDiagram(): string {
  const lines = ['stateDiagram-v2', '    [*] --> creating: createRequested'];
  for (const state of STATES) {
    for (const [event, transition] of Object.entries(LIFECYCLE[state])) {
      if (transition.next === state) continue;
      lines.push(`    ${state} --> ${transition.next}: ${event}`);
    }
  }
  return [...lines, '    destroyed --> [*]: purged'].join('\n');
}
