import { keepsProcess } from '../../src/lib/domain/index.ts';
import type { Blocker, PortRequest, SessionGate } from '../../src/lib/control/index.ts';

/** A gate without a network: tests say who is busy and since when, and read what was asked of it. */
export interface FakeGate extends SessionGate {
  readonly log: string[];
  readonly held: Set<string>;
  busy: Blocker[];
  /** Pinned sessions that only a look will show. */
  toBeFound: Blocker[];
  unknownSessions: number;
  /** Runs when the gate is asked to look: a client that comes meanwhile. */
  onLook: () => void;
  lastActivity: number | null;
  /** Runs when the gate is asked to hold: a client that comes at the worst moment. */
  onHold: () => void;
  takenPorts: Set<number>;
}

export function createFakeGate(): FakeGate {
  const gate: FakeGate = {
    log: [],
    held: new Set(),
    busy: [],
    toBeFound: [],
    unknownSessions: 0,
    onLook: () => undefined,
    lastActivity: null,
    onHold: () => undefined,
    takenPorts: new Set(),
    blockers: (_computeId, depth) =>
      gate.busy.filter(({ kind }) => !keepsProcess(depth) || (kind !== 'openTransaction' && kind !== 'pinned')),
    lastActivityMs: () => gate.lastActivity,
    sessionCount: () => 0,
    connectionPool: () => null,
    firstIn: () => null,
    hold(computeId) {
      gate.held.add(computeId);
      gate.onHold();
    },
    release: (computeId) => void gate.held.delete(computeId),
    lookAtSessions: (computeId) => {
      gate.log.push(`lookAtSessions ${computeId}`);
      gate.onLook();
      gate.unknownSessions = 0;
      gate.busy = [...gate.busy, ...gate.toBeFound];
      gate.toBeFound = [];
      return Promise.resolve();
    },
    hasUnknownSessions: () => gate.unknownSessions > 0,
    parkSessions: (computeId) => void gate.log.push(`parkSessions ${computeId}`),
    endSessions: (computeId) => void gate.log.push(`endSessions ${computeId}`),
    async open({ id, port }: PortRequest) {
      gate.log.push(`open ${id} ${port}`);
      let bound = port;
      while (gate.takenPorts.has(bound)) bound += 1;
      return Promise.resolve(bound);
    },
    async close(computeId) {
      gate.log.push(`close ${computeId}`);
      await Promise.resolve();
    },
  };
  return gate;
}
