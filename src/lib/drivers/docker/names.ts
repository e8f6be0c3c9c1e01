import type { InstanceSpec } from '../driver.ts';

/** Names in Docker. Nothing is found by them (labels are for that), but they keep two from being made. */
export function containerName(homeId: string, spec: InstanceSpec): string {
  return `doze-${homeId}-${spec.name}-${spec.computeId}`;
}

export function volumeName(homeId: string, computeId: string): string {
  return `doze-${homeId}-${computeId}`;
}

export function networkName(homeId: string): string {
  return `doze-${homeId}`;
}
