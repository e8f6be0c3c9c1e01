import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'node:https';

import { startStandIn, type Answer, type StandIn } from './stand-in.ts';

const NOT_AUTHENTICATED: Answer = { status: 401, json: { status: 'error', error: 'Authentication required' } };

export interface PageServerStandIn extends StandIn {
  latestLsn: number | null;
  /** Asked for in every request but ping; null asks for none. */
  credential: string | null;
}

export async function startPageServer(tls: ServerOptions | null = null): Promise<PageServerStandIn> {
  const state = { latestLsn: 1_000 as number | null, credential: null as string | null };
  const snapshots: Snapshot[] = [];
  const standIn = await startStandIn((request, body) => {
    if (is(request, 'GET', '/api/v1/ping')) return { json: { status: 'ok', version: '1.0.0' } };
    if (state.credential !== null && !carries(request, state.credential)) return NOT_AUTHENTICATED;
    if (is(request, 'GET', '/api/v1/metrics')) {
      const storage = state.latestLsn === null ? {} : { latest_lsn: state.latestLsn };
      return { json: { cache: { size: 1, max_size: 10, evict_count: 0 }, storage, storage_type: 'file' } };
    }
    return answerSnapshots(request, body, snapshots, state.latestLsn ?? 0);
  }, tls);
  return Object.defineProperties(standIn, {
    latestLsn: { get: () => state.latestLsn, set: (lsn: number | null) => (state.latestLsn = lsn) },
    credential: { get: () => state.credential, set: (secret: string | null) => (state.credential = secret) },
  }) as PageServerStandIn;
}

interface Snapshot {
  readonly id: string;
  readonly lsn: number;
  readonly timestamp: string;
  readonly description: string;
}

function answerSnapshots(request: IncomingMessage, body: string, kept: Snapshot[], latestLsn: number): Answer | null {
  if (is(request, 'GET', '/api/v1/snapshots/list')) return { json: { status: 'success', snapshots: kept } };
  if (is(request, 'POST', '/api/v1/snapshots/create')) {
    const asked = JSON.parse(body) as { lsn?: number; description?: string };
    const { lsn = latestLsn, description = '' } = asked;
    const snapshot = { id: `snap-${kept.length + 1}`, lsn, timestamp: '2026-01-02T03:04:05Z', description };
    kept.push(snapshot);
    return { json: { status: 'success', snapshot } };
  }
  const id = /^\/api\/v1\/snapshots\/get\?id=(.*)$/.exec(request.url ?? '')?.[1];
  const found = kept.find((snapshot) => snapshot.id === id);
  return found === undefined ? null : { json: { status: 'success', snapshot: found } };
}

type Role = 'leader' | 'follower' | 'candidate';

export interface Replica extends StandIn {
  role: Role;
  term: number;
  latestLsn: number;
  /** Left out of its metrics. */
  hidden: readonly string[];
}

export interface SafekeeperGroup extends AsyncDisposable {
  readonly replicas: readonly Replica[];
  readonly urls: readonly string[];
  /** Ends a replica; the others elect another leader if they are a quorum. */
  kill(index: number): Promise<void>;
  /** It comes back as a follower of whoever leads. */
  revive(index: number): Promise<void>;
}

/** @param cluster by whose name they know each other's log */
export async function startSafekeepers(count = 3, cluster = 'main'): Promise<SafekeeperGroup> {
  const replicas = await Promise.all(
    Array.from({ length: count }, (_, index) => startReplica(`sk-${index + 1}`, count, cluster)),
  );
  const alive = new Set(replicas);
  const quorum = Math.floor(count / 2) + 1;
  const elect = (): void => {
    const voters = replicas.filter((replica) => alive.has(replica));
    if (voters.some(({ role }) => role === 'leader') && voters.length >= quorum) return;
    const term = Math.max(0, ...voters.map((replica) => replica.term)) + 1;
    voters.forEach((replica, index) => {
      // Without a quorum each stands again and again, and nobody wins.
      replica.role = voters.length < quorum ? 'candidate' : index === 0 ? 'leader' : 'follower';
      replica.term = term;
    });
  };
  elect();
  const at = (index: number): Replica => {
    const replica = replicas[index];
    if (replica === undefined) throw new RangeError(`no replica ${String(index)}`);
    return replica;
  };
  return {
    replicas,
    urls: replicas.map(({ url }) => url),
    kill: async (index) => {
      const replica = at(index);
      alive.delete(replica);
      await replica.goDown();
      replica.role = 'follower';
      elect();
    },
    revive: async (index) => {
      const replica = at(index);
      alive.add(replica);
      replica.term = Math.max(...replicas.map(({ term }) => term));
      elect();
      await replica.comeBack();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
    },
  };
}

async function startReplica(replicaId: string, count: number, cluster: string): Promise<Replica> {
  const state: Pick<Replica, 'role' | 'term' | 'latestLsn' | 'hidden'> = {
    role: 'follower',
    term: 0,
    latestLsn: 1_000,
    hidden: [],
  };
  const standIn = await startStandIn((request) => {
    if (is(request, 'GET', '/api/v1/ping')) return { json: { status: 'ok', version: '1.0.0', state: state.role } };
    if (!is(request, 'GET', '/api/v1/metrics')) return null;
    const metrics = {
      replica_id: replicaId,
      state: state.role,
      term: state.term,
      latest_lsn: state.latestLsn,
      wal_count: 3,
      quorum_size: Math.floor(count / 2) + 1,
      peer_count: count - 1,
      replication_lag: '0s',
      timeline_count: 1,
      default_timeline: cluster,
    };
    const shown = Object.entries(metrics).filter(([name]) => !state.hidden.includes(name));
    return { json: { status: 'success', metrics: Object.fromEntries(shown) } };
  });
  const names = ['role', 'term', 'latestLsn', 'hidden'] as const;
  const properties = Object.fromEntries(
    names.map((name) => [
      name,
      { get: () => state[name], set: (value: never) => Object.assign(state, { [name]: value }) },
    ]),
  );
  return Object.defineProperties(standIn, properties) as Replica;
}

function is(request: IncomingMessage, method: string, path: string): boolean {
  return request.method === method && request.url === path;
}

/** In any of the three ways that the tier takes it. */
function carries({ headers }: IncomingMessage, secret: string): boolean {
  const basic = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  return (
    headers['x-api-key'] === secret || headers.authorization === `Bearer ${secret}` || basic.endsWith(`:${secret}`)
  );
}
