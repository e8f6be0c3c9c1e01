import { randomBytes } from 'node:crypto';

import { createDeadline } from '../clock.ts';
import {
  checkSizeRange,
  databaseName,
  parseName,
  type Compute,
  type ComputeSpec,
  type EngineName,
} from '../domain/index.ts';
import type { Driver, Prepared } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Secrets } from '../store/index.ts';
import { bringUp } from './bring-up.ts';
import type { Core } from './core.ts';
import { newPlaceOf } from './place-request.ts';
import { passStorage } from './pass-storage.ts';
import { pickPort } from './pick-port.ts';
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
  const engine = engineNamed(core, options.engine ?? 'mariadb');
  if (options.storage !== undefined) await passStorage(core, options.storage);
  const { driver, prepared } = await prepare(core, options, onProgress);
  const draft = specOf(core, { project, name, engine, options, driver, prepared });
  const compute = await recordInTurn(core, draft, caller);
  return core.cells.of(compute.id).queue.run(() => bringUp(core, compute, { cause: 'create', askedAtMs, onProgress }));
}

/** Puts a new compute on record once its host has room for it. */
export async function recordInTurn(core: Core, draft: ComputeSpec, caller: Caller): Promise<Compute> {
  const request = newPlaceOf(draft);
  using place = core.room.tryTake(request) ?? (await core.room.take(request, caller));
  const size = { ...draft.size, now: place.cu };
  const spec = { ...draft, size, port: await openPort(core, draft) };
  core.store.putSecrets(spec.id, newSecrets());
  return core.journal.record(spec.id, { type: 'createRequested', spec });
}

async function prepare(
  core: Core,
  options: StartOptions,
  onProgress: (message: string) => void,
): Promise<{ driver: Driver; prepared: Prepared }> {
  const limitMs = core.settings.prepareTimeoutMs;
  using deadline = createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `preparing the database server took more than ${limitMs / 60_000} min`),
  );
  const context = { signal: deadline.signal, onProgress };
  const request = {
    version: options.version ?? core.settings.engineVersion,
    image: options.image ?? core.settings.image,
    isStateless: options.storage !== undefined,
  };
  const driver = await core.drivers.choose(options.driver ?? core.settings.driver, request, context);
  if (request.isStateless && !driver.capabilities.stateless) throw cannotKeepNothing(driver);
  const prepared = await driver.prepare(request, context);
  return { driver, prepared };
}

function specOf(
  core: Core,
  facts: {
    project: string;
    name: string;
    engine: EngineName;
    options: StartOptions;
    driver: Driver;
    prepared: Prepared;
  },
): ComputeSpec {
  const { project, name, engine, options, driver, prepared } = facts;
  const size = sizeOf(core, name, options);
  return {
    id: newId(),
    name,
    project,
    engine,
    engineVersion: prepared.version,
    driver: driver.name,
    image: prepared.image,
    size,
    ...ladderFor(driver, options, { ladder: core.settings.ladder, byHand: null }),
    port: options.port ?? pickPort(core.settings.gatewayPorts, usedPorts(core)),
    database: parseIdentifier(options.database ?? databaseName(name), 'database'),
    user: parseIdentifier(options.user ?? 'app', 'user'),
    ...(options.storage === undefined ? {} : { storage: options.storage }),
  };
}

/** A range begins with its smallest size: the load asks for more within seconds. */
function sizeOf(core: Core, name: string, { size, storage }: StartOptions): ComputeSpec['size'] {
  const { min, max } = checkSizeRange(size ?? core.settings.size);
  if (storage !== undefined && size === undefined) return { min, max: min, now: min };
  refuseStateless({ name, ...(storage === undefined ? {} : { storage }) }, { min, max });
  return { min, max, now: min };
}

function cannotKeepNothing(driver: Driver): DozeError {
  return new DozeError('NO_DRIVER', `the ${driver.name} driver runs only computes that have their data with them`, {
    hint: 'use --driver docker',
  });
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

export function newId(): string {
  return `c${randomBytes(6).toString('hex')}`;
}

function newSecrets(): Secrets {
  return { rootPassword: newPassword(), userPassword: newPassword(), agentPassword: newPassword() };
}

/** 144 bits in characters that need no escaping in a URL or a shell. */
function newPassword(): string {
  return randomBytes(18).toString('base64url').replaceAll('-', 'x').replaceAll('_', 'y');
}
