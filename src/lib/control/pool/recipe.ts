import { createHash } from 'node:crypto';

import type { EngineName } from '../../domain/index.ts';
import type { Driver, Prepared } from '../../drivers/index.ts';
import type { Core } from '../core.ts';

/** Everything that is fixed in a spare when it is made. */
export function spareRecipe(
  core: Core,
  { driver, prepared, engine }: { readonly driver: Driver; readonly prepared: Prepared; readonly engine: EngineName },
): string {
  const { image, version, recipe } = prepared;
  const facts = [engine, driver.name, image, version, recipe, serverArguments(core, engine, spareCu(core))];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** Of what a new compute has if nobody says otherwise; one of another size is fitted by whoever takes it. */
export function spareCu(core: Core): number {
  return core.settings.size.min;
}

export function serverArguments(core: Core, engine: EngineName, cu: number): readonly string[] {
  return core.engines[engine].serverArguments(cu);
}
