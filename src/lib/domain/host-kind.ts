import type { Ladder } from './ladder.ts';

/** What a machine is used as: what a good ladder is depends on it. */
export const HOST_KINDS = ['laptop', 'ci', 'server'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How a compute goes down where nobody said how. A laptop wants its memory back soon and has long nights; a CI job's
 * database is used now or never again; a server has memory, and clients that come back.
 */
export const HOST_LADDERS: Readonly<Record<HostKind, Ladder>> = {
  laptop: [
    { depth: 'hibernated', afterMs: 2 * MINUTE_MS },
    { depth: 'parked', afterMs: 30 * MINUTE_MS },
    { depth: 'stopped', afterMs: 8 * HOUR_MS },
  ],
  ci: [
    { depth: 'parked', afterMs: MINUTE_MS },
    { depth: 'stopped', afterMs: 10 * MINUTE_MS },
  ],
  server: [
    { depth: 'hibernated', afterMs: 5 * MINUTE_MS },
    { depth: 'parked', afterMs: HOUR_MS },
    { depth: 'stopped', afterMs: 24 * HOUR_MS },
  ],
};

export interface HostSigns {
  /** The environment says that this is a CI job (`CI`). */
  readonly isCi: boolean;
  readonly hasBattery: boolean;
}

export function hostKindOf({ isCi, hasBattery }: HostSigns): HostKind {
  if (isCi) return 'ci';
  return hasBattery ? 'laptop' : 'server';
}
