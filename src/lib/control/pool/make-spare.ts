import { createDeadline } from '../../clock.ts';
import { AGENT_USER, type Pool, type Spare } from '../../domain/index.ts';
import type { Driver, InstanceExit, InstanceSpec, Prepared, VerbContext } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Secrets } from '../../store/index.ts';
import type { Core } from '../core.ts';
import { newId, newSecrets } from '../new-identity.ts';
import { watchForEnd } from '../watch-for-end.ts';
import { awaitQuiet } from './await-quiet.ts';
import { serverArguments, spareCu } from './recipe.ts';

/** The name of its instance, until it is a compute's. */
const NAME = 'spare';

/** Puts a new spare on record. Nothing of it exists yet. */
export function recordSpare(
  core: Core,
  pool: Pool['image'],
  { driver, prepared, recipe }: { readonly driver: Driver; readonly prepared: Prepared; readonly recipe: string },
): Spare {
  const spare: Spare = {
    id: newId(),
    pool,
    engine: 'mariadb',
    engineVersion: prepared.version,
    driver: driver.name,
    image: prepared.image,
    recipe,
    cu: spareCu(core),
    state: 'making',
    createdAtMs: core.clock.wallMs(),
  };
  core.store.putSpare(spare);
  return spare;
}

/**
 * Makes it, or makes it whole again: its server has run once, so that its first start for a compute is an ordinary one,
 * and is parked. Every verb is idempotent, so whatever a dead agent had done of it is done already.
 */
export async function makeSpare(core: Core, spare: Spare, signal: AbortSignal): Promise<void> {
  const { id } = spare;
  const driver = core.drivers.get(spare.driver);
  const secrets = core.store.getSecrets(id) ?? newSecrets();
  core.store.putSecrets(id, secrets);
  const spec = specOf(core, spare, secrets);

  await awaitQuiet(core, signal);
  await inTime(core, 'making a spare', signal, (context) => driver.create(spec, context));
  await awaitQuiet(core, signal);
  using ending = watchForEnd(core, id, ended);
  const endpoint = await inTime(core, 'starting a spare', signal, (context) => driver.start(spec, context));
  using ready = createDeadline(
    core.settings.verbTimeoutMs,
    () => tooSlow(core, 'the server of a spare'),
    ending.signal,
  );
  const target = { ...endpoint, user: AGENT_USER, password: secrets.agentPassword };
  await core.engines[spare.engine].awaitReady(target, AbortSignal.any([ready.signal, signal]));
  await inTime(core, 'parking a spare', signal, (context) => driver.suspend(id, 'parked', context));
  core.store.putSpare({ ...spare, state: 'ready' });
}

/** All of it goes: nobody's data is in it. */
export async function discardSpare(core: Core, spare: Spare, signal: AbortSignal): Promise<void> {
  const { id } = spare;
  core.store.putSpare({ ...spare, state: 'discarding' });
  await inTime(core, 'discarding a spare', signal, (context) => core.drivers.get(spare.driver).purge(id, context));
  core.store.deleteSecrets(id);
  core.store.deleteSpare(id);
  core.cells.forget(id);
}

function specOf(core: Core, spare: Spare, secrets: Secrets): InstanceSpec {
  const { id, engine, image, engineVersion, cu } = spare;
  return {
    computeId: id,
    name: NAME,
    project: NAME,
    image,
    version: engineVersion,
    cu,
    serverArguments: serverArguments(core, engine, cu),
    initSql: core.engines[engine].initSqlOfSpare(secrets),
    identity: null,
    stateless: null,
  };
}

async function inTime<Result>(
  core: Core,
  what: string,
  signal: AbortSignal,
  run: (context: VerbContext) => Promise<Result>,
): Promise<Result> {
  using verb = createDeadline(core.settings.verbTimeoutMs, () => tooSlow(core, what), signal);
  return await run({ signal: verb.signal, onProgress: () => undefined });
}

function ended(exit: InstanceExit | null): DozeError {
  const how =
    exit?.isOutOfMemory === true ? 'it needed more memory than its size' : `exit code ${exit?.code ?? 'unknown'}`;
  const code = exit?.isDiskFull === true ? 'DISK_FULL' : 'SERVER_START_FAILED';
  return new DozeError(code, `the server of a spare ended before it answered (${how})`, { hint: 'doze agent logs' });
}

function tooSlow({ settings }: Core, what: string): DozeError {
  return new DozeError('TIMED_OUT', `${what} took more than ${settings.verbTimeoutMs / 1000} s`);
}
