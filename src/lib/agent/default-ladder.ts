import { readdirSync, readFileSync } from 'node:fs';

import type { AgentSettings, Environment } from '../config/index.ts';
import { HOST_LADDERS, hostKindOf, withFirstRung, type HostKind, type Ladder } from '../domain/index.ts';

const POWER_SUPPLIES = '/sys/class/power_supply';

/** How a new compute goes down: as it is set, else as suits the kind of machine. */
export function defaultLadder(
  { ladder, hostKind, suspendAfterMs, suspendDepth }: AgentSettings,
  findKind: () => HostKind,
): Ladder {
  const chosen = ladder === 'auto' ? HOST_LADDERS[hostKind === 'auto' ? findKind() : hostKind] : ladder;
  return withFirstRung(chosen, {
    afterMs: suspendAfterMs === 'ladder' ? undefined : suspendAfterMs,
    depth: suspendDepth === 'ladder' ? undefined : suspendDepth,
  });
}

export function findHostKind({ ci: isCi }: Environment, platform: NodeJS.Platform): HostKind {
  return hostKindOf({ isCi, hasBattery: platform === 'darwin' || hasBattery() });
}

function hasBattery(): boolean {
  try {
    return readdirSync(POWER_SUPPLIES).some((name) => {
      // A mouse or a keyboard has one too: its scope is the device.
      const file = (what: string): string => readOrEmpty(`${POWER_SUPPLIES}/${name}/${what}`);
      return file('type') === 'Battery' && file('scope') !== 'Device';
    });
  } catch {
    return false;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
