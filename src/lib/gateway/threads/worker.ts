import { parentPort, workerData } from 'node:worker_threads';

import { createSystemClock } from '../../clock.ts';
import type { GateFacts } from '../../control/index.ts';
import { DozeError, toDozeError } from '../../errors/index.ts';
import type { LogFacts, Logger } from '../../logger.ts';
import { slotOf } from '../connection-ids.ts';
import type { Neighbours } from '../core.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { NOT_HERE } from '../kill-request.ts';
import type { GatewayOptions } from '../options.ts';
import { plainFacts } from './error-data.ts';
import { createPeer, type Handlers, type Peer } from './peer.ts';
import type { MainCalls, ThreadCalls } from './protocol.ts';
import { boundBlockers } from './merge-facts.ts';
import { createToldHost } from './told-host.ts';

/** One thread of the gateway: listening and forwarding, and nothing else. The main thread's end of it is `thread.ts`. */
function serve(end: NonNullable<typeof parentPort>, options: GatewayOptions): void {
  const hurry = new AbortController();
  const main: Peer<MainCalls> = createPeer<ThreadCalls, MainCalls>(end, {
    start: async (joined) => {
      await gateway.start(createToldHost(main), joined ?? undefined);
      return gateway.sharedPort;
    },
    open: (request, isJoined) => gateway.open(request, isJoined),
    hurry: () => hurry.abort(),
    shutDown: async () => {
      const drained = await gateway.shutDown(hurry.signal);
      // What lingers goes on for its moment; then there is nothing left to run for.
      end.unref();
      return { drained, traffic: gateway.takeTraffic() };
    },
    ...sessionCalls(() => gateway),
  });
  const logger = createToldLogger(main);
  const gateway = createGateway(
    { clock: createSystemClock(), logger, neighbours: createNeighbours(main, options.slot) },
    options,
  );
  process.on('unhandledRejection', (thrown) => {
    logger.error({ err: toDozeError(thrown) }, 'a rejection that nobody looked at');
  });
}

type SessionCalls = Omit<Handlers<ThreadCalls>, 'start' | 'open' | 'shutDown' | 'hurry'>;

function sessionCalls(gateway: () => Gateway): SessionCalls {
  return {
    close: (computeId, reason) => gateway().close(computeId, reason),
    facts: (computeId) => bounded(gateway().facts(computeId)),
    hold: (computeId) => bounded(gateway().hold(computeId)),
    release: (computeId) => gateway().release(computeId),
    lookAtSessions: (computeId, request, signal) => gateway().lookAtSessions(computeId, request, signal),
    parkSessions: (computeId, reason) => gateway().parkSessions(computeId, reason),
    endSessions: (computeId, reason) => gateway().endSessions(computeId, reason),
    sessionCounts: () => gateway().sessionCounts(),
    takeTraffic: () => gateway().takeTraffic(),
    activityCounts: () => gateway().activityCounts(),
    connectionPools: () => gateway().connectionPools(),
    notePoolChange: (computeId, change) => gateway().notePoolChange(computeId, change),
    kill: (request) => gateway().kill(request),
    sessions: (computeId) => gateway().sessions(computeId),
    endSession: (id, request) => gateway().endSession(id, request),
    endIdleSessions: (computeId, idleMs) => gateway().endIdleSessions(computeId, idleMs),
    renewTls: (tls) => gateway().renewTls(tls),
    stopListening: () => gateway().stopListening(),
  };
}

function bounded(facts: GateFacts): GateFacts {
  return { ...facts, blockers: boundBlockers(facts.blockers) };
}

function createNeighbours(main: Peer<MainCalls>, ownSlot: number): Neighbours {
  return {
    has: (id) => {
      const slot = slotOf(id);
      return slot !== null && slot !== ownSlot;
    },
    kill: (request) => main.ask('kill', [request]).catch(() => NOT_HERE),
    notePoolChange: (computeId, change) => main.tell('notePoolChange', [computeId, change]),
  };
}

function createToldLogger(main: Peer<MainCalls>): Logger {
  const log =
    (level: keyof Logger) =>
    (facts: LogFacts, message: string): void =>
      main.tell('log', [level, plainFacts(facts), message]);
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

if (parentPort === null) throw new DozeError('INTERNAL', 'this is a thread, not a program');
serve(parentPort, workerData as GatewayOptions);
