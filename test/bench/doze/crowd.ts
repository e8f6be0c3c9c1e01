import { maxConnections } from '../../../src/lib/engines/mariadb/server-arguments.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { inGroups } from '../by-hand/in-groups.ts';
import { askOne, openSecureSession, openSession } from '../by-hand/raw-session.ts';
import { PROJECT, type BenchAgent } from './agent.ts';
import type { BenchCompute } from './compute.ts';

/** Many sessions of one compute, more than its server has connections. */
export interface Crowd extends AsyncDisposable {
  readonly sessions: readonly RawClient[];
  /** Puts the compute to sleep, which no session is to forbid. */
  park(): Promise<void>;
  /** Each is asked who it is, which wakes it; no more of them at a time than the server has room for. */
  askEach(sessions: readonly RawClient[]): Promise<void>;
  /** The agent has as many, and none of their clients has been told otherwise. */
  requireAll(): Promise<void>;
}

export interface CrowdRequest {
  readonly count: number;
  /** Whether each has a statement behind it, so that it has to be looked at before its server goes. */
  readonly hasAsked: boolean;
  readonly isOverTls?: boolean;
  readonly onProgress: (open: number) => void;
}

/** At a time: more only compete for the same processors. */
const LOGINS = 16;
/** Of the server's connections, so that its own and the agent's have room too. */
const SHARE = 0.9;

/** Logs in as many at a time as the server has room for, and parks them before the next come. */
export async function gatherCrowd(
  agent: BenchAgent,
  compute: BenchCompute,
  { count, hasAsked, isOverTls = false, onProgress }: CrowdRequest,
): Promise<Crowd> {
  await using stack = new AsyncDisposableStack();
  const sessions: RawClient[] = [];
  const open = isOverTls ? openSecureSession : openSession;
  const room = Math.floor(maxConnections(compute.cu) * SHARE);
  const park = async (): Promise<void> => {
    await agent.api.computes.suspend(PROJECT, compute.name, { depth: 'parked' });
  };
  const inRooms = async (all: readonly RawClient[], act: (some: readonly RawClient[]) => Promise<void>) => {
    for (let from = 0; from < all.length; from += room) {
      await act(all.slice(from, from + room));
      await park();
    }
  };
  const crowd: Crowd = {
    sessions,
    park,
    askEach: (some) => inRooms(some, (few) => inGroups(LOGINS, few, requireSame)),
    requireAll: async () => {
      const gone = sessions.filter(({ socket }) => socket.destroyed || socket.readableEnded);
      const { sessions: known } = await compute.show();
      if (gone.length > 0 || known !== sessions.length)
        throw new Error(
          `of ${String(sessions.length)} sessions the agent has ${String(known)}, ${String(gone.length)} are closed`,
        );
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
  while (sessions.length < count) {
    const few = Array.from({ length: Math.min(room, count - sessions.length) });
    await inGroups(LOGINS, few, async () => {
      const session = stack.use(await open(compute.target));
      sessions.push(session);
      if (hasAsked) await requireSame(session);
    });
    await park();
    onProgress(sessions.length);
  }
  const kept = stack.move();
  return crowd;
}

/** The id that a session was greeted with stays its own, on whichever connection to the server. */
async function requireSame(session: RawClient): Promise<void> {
  const id = await askOne(session, 'SELECT CONNECTION_ID()');
  if (id !== String(session.greeting.connectionId))
    throw new Error(`session ${String(session.greeting.connectionId)} is now ${id}`);
}
