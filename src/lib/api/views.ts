import {
  ladderOf,
  type Compute,
  type Depth,
  type Failure,
  type StoredEvent,
  type WakeRecord,
} from '../domain/index.ts';
import type { ComputeDetail, ComputeView, Connection, EventView } from './contract.ts';
import { leaseView } from './lease-view.ts';
import { writeMysqlUrl } from './mysql-url.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** What is true of a compute now and in no record. */
export interface ViewFacts {
  readonly sessions: number;
  /** Where clients on this machine reach the gateway. */
  readonly host: string;
}

export interface DetailFacts extends ViewFacts {
  readonly awakeBecause: readonly string[];
  readonly firstIn: { readonly handshakeMs: number; readonly loginMs: number } | null;
  readonly waitingBecause: string | null;
  readonly boundBecause: string | null;
  readonly cache: ComputeDetail['cache'];
  readonly suspendsAtMs: number | null;
  readonly nextStep: { readonly depth: Depth; readonly atMs: number } | null;
  readonly heldBecause: readonly string[];
  readonly storageBytes: number | null;
  readonly connections: ComputeDetail['connections'];
}

export function computeView(compute: Compute, { sessions, host }: ViewFacts): ComputeView {
  const { port, user, database } = compute;
  return {
    id: compute.id,
    name: compute.name,
    project: compute.project,
    engine: compute.engine,
    version: compute.serverVersion ?? compute.engineVersion,
    driver: compute.driver,
    image: compute.image,
    state: compute.state,
    depth: compute.depth,
    stateSince: isoTime(compute.stateSinceMs),
    size: { ...compute.size },
    suspendAfterSeconds: secondsOrNull(compute.suspendAfterMs),
    suspendDepth: compute.suspendDepth,
    ladder: ladderOf(compute).map(({ depth, afterMs }) => ({ depth, afterSeconds: afterMs / 1000 })),
    endPinnedAfterSeconds: secondsOrNull(compute.endPinnedAfterMs ?? null),
    maxSessions: compute.maxSessions ?? null,
    sessionIdleTimeoutSeconds: secondsOrNull(compute.sessionIdleTimeoutMs ?? null),
    storage: compute.storage ?? null,
    connectionPool: compute.connectionPool ?? null,
    url: writeMysqlUrl({ user, host, port, database }),
    host,
    port,
    user,
    database,
    createdAt: isoTime(compute.createdAtMs),
    wakeMs: compute.lastWake === null ? null : Math.round(compute.lastWake.totalMs),
    wakes: compute.wakes,
    sessions,
    ...leaseView(compute),
    destroyedAt: isoTimeOrNull(compute.destroyedAtMs),
    keptUntil: isoTimeOrNull(compute.keptUntilMs),
    failure: compute.failure === null ? null : failureView(compute.name, compute.failure),
  };
}

export function computeDetail(compute: Compute, facts: DetailFacts): ComputeDetail {
  return {
    ...computeView(compute, facts),
    lastWake: compute.lastWake === null ? null : wakeView(compute.lastWake, facts.firstIn),
    awakeBecause: [...facts.awakeBecause],
    waitingBecause: facts.waitingBecause,
    boundBecause: facts.boundBecause,
    cache: facts.cache === null ? null : { ...facts.cache },
    suspendsAt: isoTimeOrNull(facts.suspendsAtMs),
    nextStep: facts.nextStep === null ? null : { depth: facts.nextStep.depth, at: isoTime(facts.nextStep.atMs) },
    heldBecause: [...facts.heldBecause],
    storageBytes: facts.storageBytes,
    connections: facts.connections,
  };
}

/** The only view that has a password. */
export function connectionView(
  compute: Compute,
  login: { readonly user: string; readonly password: string },
  host: string,
): Omit<Connection, 'tls'> {
  const place = { host, port: compute.port, database: compute.database, ...login };
  return { url: writeMysqlUrl(place), ...place };
}

export function eventView({ seq, atMs, computeName, computeId, project, event }: StoredEvent): EventView {
  const { type, ...facts } = event;
  const data = writeTimes(facts) as Record<string, unknown>;
  return { seq, at: isoTime(atMs), compute: computeName, computeId, project, type, data };
}

function failureView(name: string, { code, message, logTail, atMs, count }: Failure): ComputeView['failure'] {
  return { code, message, hint: `doze compute resume ${name}`, logTail: [...logTail], at: isoTime(atMs), count };
}

function wakeView(
  { atMs, cause, fromDepth, totalMs, phasesMs, serverPhasesMs }: WakeRecord,
  firstIn: DetailFacts['firstIn'],
): ComputeDetail['lastWake'] {
  const clientMs = firstIn === null ? null : { handshake: tenths(firstIn.handshakeMs), login: tenths(firstIn.loginMs) };
  return {
    at: isoTime(atMs),
    cause,
    fromDepth,
    totalMs,
    phasesMs: { ...phasesMs },
    serverPhasesMs: serverPhasesMs === undefined ? null : { ...serverPhasesMs },
    clientMs,
  };
}

function secondsOrNull(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** Instants as text, as everywhere in the contract: `keptUntilMs` becomes `keptUntil`. Spans keep their unit. */
function writeTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writeTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) =>
      /(At|Until|Since)Ms$/.test(name)
        ? [name.slice(0, -2), isoTimeOrNull(entry as number | null)]
        : [name, writeTimes(entry)],
    ),
  );
}
