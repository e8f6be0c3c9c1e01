import type { Blocker } from '../../src/lib/domain/index.ts';
import type { TrafficDelta } from '../../src/lib/store/index.ts';
import type { GateFacts, PortRequest, SessionFacts, SessionGate } from '../../src/lib/control/index.ts';

/** A gate without a network: tests say who is busy and since when, and read what was asked of it. */
export interface FakeGate extends SessionGate {
  readonly log: string[];
  readonly held: Set<string>;
  busy: Blocker[];
  /** Pinned sessions that only a look will show. */
  toBeFound: Blocker[];
  unknownSessions: number;
  /** As they are listed; those that are ended leave, with their blocker. */
  listed: SessionFacts[];
  /** Runs when the gate is asked to look: a client that comes meanwhile. */
  onLook: () => void;
  lastActivity: number | null;
  /** Runs when the gate is asked to hold: a client that comes at the worst moment. */
  onHold: () => void;
  takenPorts: Set<number>;
  /** What clients did, to be taken. */
  traffic: TrafficDelta[];
}

export function createFakeGate(): FakeGate {
  const gate: FakeGate = {
    log: [],
    held: new Set(),
    busy: [],
    toBeFound: [],
    unknownSessions: 0,
    listed: [],
    onLook: () => undefined,
    lastActivity: null,
    onHold: () => undefined,
    takenPorts: new Set(),
    traffic: [],
    facts: () => Promise.resolve(factsOf(gate)),
    hold(computeId) {
      gate.held.add(computeId);
      gate.onHold();
      return Promise.resolve(factsOf(gate));
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
    parkSessions: (computeId) => {
      gate.log.push(`parkSessions ${computeId}`);
      return Promise.resolve();
    },
    endSessions: (computeId) => void gate.log.push(`endSessions ${computeId}`),
    takeTraffic: () => Promise.resolve(gate.traffic.splice(0)),
    sessions: (computeId) =>
      Promise.resolve(gate.listed.filter((session) => computeId === null || session.computeId === computeId)),
    endSession: (id, { reason, seenCommandMs = Infinity }) => {
      const found = gate.listed.find((session) => session.id === id && session.lastCommandMs <= seenCommandMs);
      if (found === undefined) return Promise.resolve(null);
      gate.log.push(`endSession ${id}: ${reason}`);
      gate.listed = gate.listed.filter((session) => session !== found);
      gate.busy = gate.busy.filter((blocker) => blocker.session !== id);
      return Promise.resolve(found);
    },
    endIdleSessions: (computeId, idleMs) => {
      gate.log.push(`endIdleSessions ${computeId} ${idleMs}`);
      return Promise.resolve(0);
    },
    async open({ id, port }: PortRequest) {
      gate.log.push(`open ${id} ${port}`);
      let bound = port;
      while (gate.takenPorts.has(bound)) bound += 1;
      return Promise.resolve(bound);
    },
    async close(computeId, reason) {
      gate.log.push(reason === undefined ? `close ${computeId}` : `close ${computeId}: ${reason}`);
      await Promise.resolve();
    },
  };
  return gate;
}

function factsOf({ lastActivity, busy, unknownSessions }: FakeGate): GateFacts {
  return {
    sessions: 0,
    lastActivityMs: lastActivity,
    firstIn: null,
    blockers: busy,
    hasUnknownSessions: unknownSessions > 0,
    connections: null,
  };
}
