import { DozeError } from '../../errors/index.ts';
import type { TrafficDelta } from '../../store/index.ts';
import type { GatewayDeps } from '../core.ts';
import type { Drained } from '../drain.ts';
import type { GatewayService } from '../session-gate.ts';
import { mergeFacts } from './merge-facts.ts';
import { mergePools } from './merge-pools.ts';
import { mergeActivity } from './merge-activity.ts';
import { createThreads, type ThreadedGatewayOptions } from './threads.ts';

/**
 * The gateway on threads of its own: they listen and forward, this one has control. Each listens on every port, the kernel
 * chooses which gets a client, and there it stays.
 *
 * | a thread is | is asked                                         | its sessions are | then comes                           |
 * | ----------- | ------------------------------------------------ | ---------------- | ------------------------------------ |
 * | running     | everything; it answers once it has loaded        | forwarded        | lost, or ending                      |
 * | lost        | nothing: what the others say is all there is     | broken           | a new one, brought to where they are |
 * | ending      | to close ports first, then sessions, then itself | drained          | nothing                              |
 *
 * What a new one has to know is kept: ports that are open, and computes that are held.
 */
export function createThreadedGateway(deps: GatewayDeps, options: ThreadedGatewayOptions): GatewayService {
  const threads = createThreads(deps, options);
  const { opened, held } = threads;
  /** Of threads that were shut down. */
  const leftTraffic: TrafficDelta[] = [];

  return {
    start: async (host) => {
      threads.launch(host);
      try {
        const port = await threads.listen((thread, joined) => thread.ask('start', [joined]));
        if (port === null)
          throw new DozeError('THREAD_LOST', 'the gateway has no thread: each ended as it was started');
        threads.sharedPort = port;
      } catch (error) {
        threads.end();
        throw error;
      }
    },
    get sharedPort() {
      return threads.sharedPort;
    },
    facts: async (computeId) => mergeFacts(await threads.ask('facts', [computeId]), threads.lossesMs),
    hold: async (computeId) => {
      held.add(computeId);
      return mergeFacts(await threads.ask('hold', [computeId]), threads.lossesMs);
    },
    release: (computeId) => {
      held.delete(computeId);
      threads.tell('release', [computeId]);
    },
    lookAtSessions: async (computeId, request, signal) => {
      await threads.ask('lookAtSessions', [computeId, request], signal);
    },
    parkSessions: async (computeId, reason) => {
      await threads.ask('parkSessions', [computeId, reason]);
    },
    endSessions: (computeId, reason) => threads.tell('endSessions', [computeId, reason]),
    sessions: async (computeId) => (await threads.ask('sessions', [computeId])).flatMap((sessions) => sessions ?? []),
    endSession: async (id, request) => {
      const answers = await threads.ask('endSession', [id, request]);
      return answers.find((ended) => ended !== null) ?? null;
    },
    endIdleSessions: async (computeId, idleMs) =>
      (await threads.ask('endIdleSessions', [computeId, idleMs])).reduce<number>((sum, ended) => sum + (ended ?? 0), 0),
    renewTls: async (tls) => {
      // One that is started anew gets it too.
      threads.tls = tls;
      await threads.ask('renewTls', [tls]);
    },
    connectionPools: async () => mergePools(await threads.ask('connectionPools', [])),
    activityCounts: async () => mergeActivity(await threads.ask('activityCounts', [])),
    sessionCounts: async () => sumByCompute(await threads.ask('sessionCounts', [])),
    takeTraffic: async () => {
      const left = leftTraffic.splice(0);
      return [...left, ...(await threads.ask('takeTraffic', [])).flatMap((deltas) => deltas ?? [])];
    },
    open: async (request) => {
      const found = await threads.listen((thread, joined) =>
        thread.ask('open', [{ ...request, port: joined ?? request.port }, joined !== null]),
      );
      const port = found ?? request.port;
      opened.set(request.id, { ...request, port });
      return port;
    },
    close: async (computeId, reason) => {
      opened.delete(computeId);
      held.delete(computeId);
      await threads.ask('close', reason === undefined ? [computeId] : [computeId, reason]);
    },
    shutDown: async (hurry) => {
      const tellToHurry = (): void => threads.tell('hurry', []);
      if (hurry?.aborted === true) tellToHurry();
      else hurry?.addEventListener('abort', tellToHurry, { once: true });
      // Ports first, at all threads: whoever comes now comes to the next agent.
      await threads.ask('stopListening', []);
      const lastWords = (await threads.ask('shutDown', [])).filter((words) => words !== null);
      leftTraffic.push(...lastWords.flatMap(({ traffic }) => traffic));
      threads.end();
      return sumDrained(lastWords.map(({ drained }) => drained));
    },
  };
}

function sumDrained(drained: readonly Drained[]): Drained {
  return {
    atSafePoints: drained.reduce((sum, { atSafePoints }) => sum + atSafePoints, 0),
    cutShort: drained.reduce((sum, { cutShort }) => sum + cutShort, 0),
  };
}

function sumByCompute(answers: readonly (ReadonlyMap<string, number> | null)[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const counts of answers)
    for (const [computeId, sessions] of counts ?? []) sums.set(computeId, (sums.get(computeId) ?? 0) + sessions);
  return sums;
}
