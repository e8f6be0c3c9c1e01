import {
  checkSizeRange,
  databaseName,
  leaseFrom,
  parseName,
  type Compute,
  type ComputeSpec,
  type EngineName,
} from '../domain/index.ts';
import type { Driver, Prepared } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import { bringUp } from './bring-up.ts';
import type { Core } from './core.ts';
import { newId, newSecrets } from './new-identity.ts';
import { newPlaceOf } from './place-request.ts';
import { passStorage } from './pass-storage.ts';
import { pickPort } from './pick-port.ts';
import { reserveSpare, type Reservation } from './pool/take-spare.ts';
import { prepare } from './prepare.ts';
import { policiesOfNew } from './session-policies.ts';
import { poolFor } from './set-connection-pool.ts';
import { leaseLengthOf } from './lease.ts';
import type { StartOptions } from './start-options.ts';
import type { Caller } from './outcome.ts';
import { refuseStateless } from './resize-by-request.ts';
import { ladderFor } from './choose-ladder.ts';

/** Makes a new compute and starts it. Nothing is on record before it is known that the host can run it. */
export async function create(
  core: Core,
  project: string,
  name: string,
  options: StartOptions,
  caller: Caller,
): Promise<Compute> {
  const { onProgress } = caller;
  const askedAtMs = core.clock.monotonicMs();
  parseName(name);
  leaseLengthOf(options);
  const engine = engineNamed(core, options.engine ?? 'mariadb');
  refuseBeyondQuota(core, project, sizeOf(core, project, name, options));
  if (options.storage !== undefined) await passStorage(core, options.storage);
  const { driver, prepared } = await prepare(core, options, onProgress);
  const compute = await putOnRecord(core, { project, name, engine, options, driver, prepared }, caller);
  return core.cells.of(compute.id).queue.run(() => bringUp(core, compute, { cause: 'create', askedAtMs, onProgress }));
}

/** Before an image is pulled for it; what it takes is looked at again in the step in which it takes it. */
function refuseBeyondQuota(core: Core, project: string, size: ComputeSpec['size']): void {
  core.quotas.requireSize(project, size);
  core.quotas.needWithin({ id: '', project }, { leastCu: size.min, mostCu: size.now });
}

interface Facts {
  readonly project: string;
  readonly name: string;
  readonly engine: EngineName;
  readonly options: StartOptions;
  readonly driver: Driver;
  readonly prepared: Prepared;
}

/** The record of a compute that takes a spare has the spare's id, and that is all there is to taking it. */
async function putOnRecord(core: Core, facts: Facts, caller: Caller): Promise<Compute> {
  using spare = facts.options.storage === undefined ? reserveSpare(core, facts) : null;
  const compute = await recordInTurn(core, specOf(core, facts, spare), caller, {
    hasSecrets: spare !== null,
    leaseMs: leaseLengthOf(facts.options),
  });
  spare?.taken();
  return compute;
}

export interface RecordRequest {
  readonly hasSecrets: boolean;
  /** Of an ephemeral one, counted from its record on; null for one that is to last. */
  readonly leaseMs: number | null;
}

/** Puts a new compute on record once its host has room for it. */
export async function recordInTurn(
  core: Core,
  draft: ComputeSpec,
  caller: Caller,
  { hasSecrets, leaseMs }: RecordRequest,
): Promise<Compute> {
  const request = newPlaceOf(draft);
  using place = core.room.tryTake(request) ?? (await core.room.take(request, caller));
  const size = { ...draft.size, now: place.cu };
  const port = await openPort(core, draft);
  const lease = leaseMs === null ? null : leaseFrom(core.clock.wallMs(), leaseMs);
  const spec = { ...draft, size, port, ...(lease === null ? {} : { lease }) };
  if (!hasSecrets) core.store.putSecrets(spec.id, newSecrets());
  return await record(core, spec);
}

/** A port of nobody is closed again. */
async function record(core: Core, spec: ComputeSpec): Promise<Compute> {
  try {
    return core.journal.record(spec.id, { type: 'createRequested', spec });
  } catch (error) {
    await core.gate.close(spec.id);
    throw error;
  }
}

function specOf(core: Core, facts: Facts, spare: Reservation | null): ComputeSpec {
  const { project, name, engine, options, driver, prepared } = facts;
  const size = sizeOf(core, project, name, options);
  const connectionPool = poolFor(options, null) ?? null;
  return {
    id: spare?.id ?? newId(),
    name,
    project,
    engine,
    engineVersion: prepared.version,
    driver: driver.name,
    image: prepared.image,
    size,
    ...ladderFor(driver, options, { ladder: core.settings.ladder, byHand: null }),
    ...policiesOfNew(options, core.settings),
    port: options.port ?? pickPort(core.settings.gatewayPorts, usedPorts(core)),
    database: parseIdentifier(options.database ?? databaseName(name), 'database'),
    user: parseIdentifier(options.user ?? 'app', 'user'),
    ...(options.storage === undefined ? {} : { storage: options.storage }),
    ...(connectionPool === null ? {} : { connectionPool }),
    ...(spare === null ? {} : { fromPool: true }),
  };
}

/**
 * A range begins with its smallest size: the load asks for more within seconds. One that nobody asked for is no larger
 * than the project lets it be.
 */
function sizeOf(core: Core, project: string, name: string, { size, storage }: StartOptions): ComputeSpec['size'] {
  const { min, max } = checkSizeRange(size ?? core.quotas.boundSize(project, core.settings.size));
  if (storage !== undefined && size === undefined) return { min, max: min, now: min };
  refuseStateless({ name, ...(storage === undefined ? {} : { storage }) }, { min, max });
  return { min, max, now: min };
}

/** Binds the port before anything is recorded; a port that was asked for by number is that one or none. */
async function openPort(core: Core, spec: ComputeSpec): Promise<number> {
  return core.gate.open({ id: spec.id, name: spec.name, port: spec.port });
}

export function usedPorts(core: Core): Set<number> {
  return new Set(core.store.listComputes().map((compute) => compute.port));
}

function engineNamed(core: Core, name: string): EngineName {
  const known = Object.values(core.engines).find((engine) => engine.name === name);
  if (known !== undefined) return known.name;
  throw new DozeError('ENGINE_UNKNOWN', `doze does not know the engine "${name}"`, {
    hint: `use one of: ${Object.keys(core.engines).join(', ')}`,
  });
}

/** Names of databases and users made at creation: what needs no quoting anywhere, not the server's own. */
function parseIdentifier(text: string, what: 'database' | 'user'): string {
  const reserved = [
    'mysql',
    'sys',
    'root',
    'doze_agent',
    'information_schema',
    'performance_schema',
    'mariadb.sys',
    'public',
  ];
  if (/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(text) && !reserved.includes(text.toLowerCase())) return text;
  throw new DozeError('NAME_INVALID', `"${text}" cannot be the name of a ${what}`, {
    hint: "use a letter, then letters, digits and underscores, 63 characters at most; not a name of the server's own",
  });
}
