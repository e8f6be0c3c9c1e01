import type { Compute } from '../domain/index.ts';
import type { AwakeList } from './awake-list.ts';
import type { Places } from './places.ts';
import type { ControlSettings, DriverRegistry } from './settings.ts';

/** The host of every driver whose instances are on this machine; the others have one each. */
const HERE = 'this host';

export interface HostDeps {
  readonly drivers: DriverRegistry;
  readonly settings: ControlSettings;
}

/** What is in use of each host: what is awake on record, and the places of those that are on their way to a record. */
export interface HostUse {
  hostOf(compute: Pick<Compute, 'driver'>): string;
  all(): readonly string[];
  /** Infinite where there is no limit. */
  limitCu(host: string): number;
  awakeCu(host: string): number;
  freeCu(host: string): number;
  /** Of what is awake: what is on its way out. */
  leavingCu(host: string): number;
}

export function createHostUse({ drivers, settings }: HostDeps, awake: AwakeList, places: Places): HostUse {
  const hostOf = ({ driver }: Pick<Compute, 'driver'>): string =>
    drivers.get(driver).capabilities.isOnThisHost ? HERE : driver;

  function limitCu(host: string): number {
    const { here, elsewhere } = settings.hostLimits;
    return (host === HERE ? here : elsewhere) ?? Number.POSITIVE_INFINITY;
  }

  /** Each once, with the larger of what it has on record and what it holds a place for. */
  function awakeCu(host: string): number {
    const sizes = new Map<string, number>();
    for (const compute of awake.list()) if (hostOf(compute) === host) sizes.set(compute.id, compute.size.now);
    for (const { computeId, cu } of places.of(host)) sizes.set(computeId, Math.max(cu, sizes.get(computeId) ?? 0));
    return sum(sizes.values());
  }

  return {
    hostOf,
    all: () => [...new Set(drivers.all().map(({ name }) => hostOf({ driver: name })))],
    limitCu,
    awakeCu,
    freeCu: (host) => limitCu(host) - awakeCu(host),
    leavingCu: (host) => {
      const leaving = awake.list().filter((compute) => awake.isLeaving(compute) && hostOf(compute) === host);
      return sum(leaving.map(({ size }) => size.now));
    },
  };
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
