import type { DriverRegistry } from '../control/index.ts';
import type { DriverName } from '../domain/index.ts';
import type { Driver, DriverHealth, PrepareRequest, VerbContext } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';

/** The drivers of this host in the order in which `auto` prefers them. None is asked anything until it is needed. */
export function createDriverRegistry(drivers: readonly Driver[]): DriverRegistry {
  function get(name: DriverName): Driver {
    const driver = drivers.find((candidate) => candidate.name === name);
    if (driver !== undefined) return driver;
    throw new DozeError('NO_DRIVER', `this agent has no driver "${name}"`, {
      hint: `use one of: ${drivers.map((candidate) => candidate.name).join(', ')}`,
    });
  }
  return {
    get,
    all: () => drivers,
    choose: (wanted, request, context) =>
      wanted === 'auto' ? chooseBest(drivers, request, context) : requireUsable(get(wanted), context),
  };
}

async function requireUsable(driver: Driver, { signal }: VerbContext): Promise<Driver> {
  const { problem } = await driver.probe(signal);
  if (problem === null) return driver;
  throw new DozeError(problem.code, problem.message, { hint: problem.hint });
}

/** The first that can run what is asked for: with Docker, an engine alone is not enough, an image has to be had. */
async function chooseBest(drivers: readonly Driver[], request: PrepareRequest, context: VerbContext): Promise<Driver> {
  const reasons: Reason[] = [];
  const able = request.image === null ? drivers : drivers.filter((driver) => driver.name !== 'process');
  for (const driver of able) {
    const reason = await whyNot(driver, request, context);
    if (reason === null) return driver;
    reasons.push(reason);
  }
  throw noDriver(reasons);
}

interface Reason {
  readonly driver: DriverName;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly cause?: DozeError;
}

async function whyNot(driver: Driver, request: PrepareRequest, context: VerbContext): Promise<Reason | null> {
  const { problem }: DriverHealth = await driver.probe(context.signal);
  if (problem !== null) return { driver: driver.name, ...problem };
  try {
    await driver.prepare(request, context);
    return null;
  } catch (error) {
    // What is wrong with the machine may be right with the next driver; what is wrong with the request is not.
    if (!(error instanceof DozeError) || error.entry.kind !== 'environment' || context.signal.aborted) throw error;
    return { driver: driver.name, code: error.code, message: error.message, hint: error.hint, cause: error };
  }
}

/** The way out is the one of the driver that comes nearest: the last, which needs the least. */
function noDriver(reasons: readonly Reason[]): DozeError {
  const [only] = reasons;
  if (reasons.length === 1 && only?.cause !== undefined) return only.cause;
  const list = reasons.map(({ driver, message }) => `${driver}: ${message}`).join('; ');
  const hint = reasons.findLast((reason) => reason.hint !== undefined)?.hint;
  return new DozeError('NO_DRIVER', `nothing on this machine can run a database server (${list})`, {
    ...(hint === undefined ? {} : { hint }),
    details: { reasons: reasons.map(({ driver, code, message }) => ({ driver, code, message })) },
  });
}
