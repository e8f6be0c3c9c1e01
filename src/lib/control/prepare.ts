import { createDeadline } from '../clock.ts';
import type { Driver, Prepared } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import type { OnProgress } from './outcome.ts';
import type { StartOptions } from './start-options.ts';

type Wanted = Pick<StartOptions, 'driver' | 'version' | 'image' | 'storage'>;

/** What a new compute would run on, made ready to run it. @throws what `choose` and `prepare` of the drivers throw */
export async function prepare(
  core: Core,
  wanted: Wanted,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<{ driver: Driver; prepared: Prepared }> {
  const limitMs = core.settings.prepareTimeoutMs;
  using deadline = createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `preparing the database server took more than ${limitMs / 60_000} min`),
    signal,
  );
  const context = { signal: deadline.signal, onProgress };
  const request = {
    version: wanted.version ?? core.settings.engineVersion,
    image: wanted.image ?? core.settings.image,
    isStateless: wanted.storage !== undefined,
  };
  const driver = await core.drivers.choose(wanted.driver ?? core.settings.driver, request, context);
  if (request.isStateless && !driver.capabilities.stateless) throw cannotKeepNothing(driver);
  const prepared = await driver.prepare(request, context);
  return { driver, prepared };
}

function cannotKeepNothing(driver: Driver): DozeError {
  return new DozeError('NO_DRIVER', `the ${driver.name} driver runs only computes that have their data with them`, {
    hint: 'use --driver docker',
  });
}
