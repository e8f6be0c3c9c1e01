import type { Check } from '../../api/index.ts';
import { DEPTHS } from '../../domain/index.ts';
import type { Driver, DriverHealth } from '../../drivers/index.ts';
import { failed, ok, skipped, warning } from './check.ts';

export interface ProbedDriver {
  readonly driver: Pick<Driver, 'name' | 'capabilities'>;
  readonly health: DriverHealth;
}

/** One usable driver is enough: what another one lacks is a warning then. */
export function checkDrivers(probed: readonly ProbedDriver[]): Check[] {
  const isAnyUsable = probed.some(({ health }) => health.isUsable);
  return probed.map(({ driver, health: { problem, summary } }) => {
    if (problem === null) return ok(driver.name, summary);
    return isAnyUsable
      ? warning(driver.name, problem.message, problem.hint)
      : failed(driver.name, problem.message, problem.hint);
  });
}

/** Which depths differ where, and what would bring those that the host could have. */
export function checkDepths(probed: readonly ProbedDriver[]): Check {
  const usable = probed.filter(({ health }) => health.isUsable);
  if (usable.length === 0) return skipped('depths', 'no driver can be used');
  const hint = usable.map(({ health }) => health.hibernation?.hint).find((found) => typeof found === 'string');
  return { ...ok('depths', usable.map(describe).join('; ')), hint: hint ?? null };
}

function describe({ driver: { name, capabilities }, health: { hibernation } }: ProbedDriver): string {
  const { depths } = capabilities;
  const missing = DEPTHS.filter((depth) => !depths.includes(depth));
  const not = missing.length === 0 ? '' : ` (not ${missing.join(', ')})`;
  if (hibernation === null) return `${name}: ${depths.join(', ')}${not}`;
  return `${name}: ${depths.join(', ')}${not}; ${hibernation.isPossible ? 'hibernates ' : 'does not hibernate: '}${hibernation.summary}`;
}
