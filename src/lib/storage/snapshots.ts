import type { StorageCredential, StorageService, StorageSnapshot } from '../domain/index.ts';
import { createDeadline } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import { asFields, countAt, textAt, type Fields } from './fields.ts';
import { createHttpClient, type HttpCall, type HttpOutcome } from './http-client.ts';

/** Snapshots of a Page Server: names for an LSN that stay readable. */
export interface Snapshots {
  /** @param lsn null takes the Page Server's latest */
  create(lsn: number | null, description: string, signal: AbortSignal): Promise<StorageSnapshot>;
  list(signal: AbortSignal): Promise<readonly StorageSnapshot[]>;
  /** @throws STORAGE_SNAPSHOT_NOT_FOUND */
  show(id: string, signal: AbortSignal): Promise<StorageSnapshot>;
}

const BASE = '/api/v1/snapshots';

/** @throws STORAGE_NO_SNAPSHOTS for a service that has none */
export async function withSnapshots<Result>(
  service: StorageService,
  credential: StorageCredential | null,
  monotonicMs: () => number,
  use: (snapshots: Snapshots) => Promise<Result>,
): Promise<Result> {
  const [origin] = service.endpoints;
  if (service.kind !== 'pageServer' || service.flavour !== 'serverless-mariadb' || origin === undefined) {
    throw new DozeError('STORAGE_NO_SNAPSHOTS', `"${service.name}" (${service.flavour}) has no snapshots over HTTP`);
  }
  const http = createHttpClient({
    origin,
    credential,
    certificateAuthority: service.certificateAuthority,
    monotonicMs,
  });
  const call = async (request: Omit<HttpCall, 'needsCredential'>, signal: AbortSignal): Promise<HttpOutcome> => {
    const late = (): DozeError => new DozeError('TIMED_OUT', `no answer within ${service.deadlineMs} ms`);
    using deadline = createDeadline(service.deadlineMs, late, signal);
    return await http.call({ ...request, needsCredential: true }, deadline.signal);
  };
  try {
    return await use(createSnapshots(service, call));
  } finally {
    http.close();
  }
}

type Call = (request: Omit<HttpCall, 'needsCredential'>, signal: AbortSignal) => Promise<HttpOutcome>;

function createSnapshots(service: StorageService, call: Call): Snapshots {
  const ask = async (request: Omit<HttpCall, 'needsCredential'>, signal: AbortSignal): Promise<unknown> => {
    const outcome = await call(request, signal);
    if (outcome.kind === 'answered') return outcome.json;
    throw new DozeError('STORAGE_UNAVAILABLE', `the Page Server "${service.name}" did not do it: ${outcome.message}`, {
      hint: `doze storage status ${service.name} --check`,
      details: { fault: outcome.fault, status: outcome.status },
    });
  };
  return {
    create: async (lsn, description, signal) => {
      const body = { ...(lsn === null ? {} : { lsn }), description };
      return requireSnapshot(service, await ask({ method: 'POST', path: `${BASE}/create`, body }, signal));
    },
    list: async (signal) => {
      const answer = asFields(await ask({ method: 'GET', path: `${BASE}/list` }, signal));
      const listed = answer?.['snapshots'];
      return Array.isArray(listed) ? listed.flatMap((entry) => readSnapshot(asFields(entry)) ?? []) : [];
    },
    show: async (id, signal) => {
      const outcome = await call({ method: 'GET', path: `${BASE}/get?id=${encodeURIComponent(id)}` }, signal);
      if (outcome.kind === 'failed' && outcome.status === 404) {
        throw new DozeError('STORAGE_SNAPSHOT_NOT_FOUND', `"${service.name}" has no snapshot "${id}"`, {
          hint: `doze storage snapshot list ${service.name}`,
        });
      }
      return requireSnapshot(service, outcome.kind === 'answered' ? outcome.json : null);
    },
  };
}

/** As it is, or inside `snapshot`. */
function requireSnapshot({ name }: StorageService, json: unknown): StorageSnapshot {
  const fields = asFields(json);
  const found = readSnapshot(asFields(fields?.['snapshot']) ?? fields);
  if (found !== null) return found;
  throw new DozeError('STORAGE_UNAVAILABLE', `the Page Server "${name}" answered with something that is no snapshot`);
}

function readSnapshot(fields: Fields | null): StorageSnapshot | null {
  const id = textAt(fields, 'id', 'snapshot_id');
  if (id === null) return null;
  return {
    id,
    lsn: countAt(fields, 'lsn'),
    createdAt: textAt(fields, 'timestamp', 'created_at'),
    description: textAt(fields, 'description') ?? '',
  };
}
