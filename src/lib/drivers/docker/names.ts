import type { DataRef, InstanceSpec } from '../driver.ts';

/** Names in Docker. Nothing is found by them (labels are for that), but they keep two from being made. */
export function containerName(homeId: string, spec: InstanceSpec): string {
  return `doze-${homeId}-${spec.name}-${spec.computeId}`;
}

/** The name of the compute in that of its container: the label has the one under which it was made. */
export function computeName(homeId: string, container: string, computeId: string): string {
  return container.replace(/^\//, '').replace(`doze-${homeId}-`, '').replace(`-${computeId}`, '');
}

export function volumeName(homeId: string, computeId: string): string {
  return `doze-${homeId}-${computeId}`;
}

export function dataVolumeName(homeId: string, { computeId, snapshotId }: DataRef): string {
  const volume = volumeName(homeId, computeId);
  return snapshotId === null ? volume : `${volume}-${snapshotId}`;
}

export function copierName(homeId: string, copyId: string): string {
  return `doze-${homeId}-copy-${copyId}`;
}

export function keeperName(homeId: string, snapshotId: string): string {
  return `doze-${homeId}-snapshot-${snapshotId}`;
}

export function networkName(homeId: string): string {
  return `doze-${homeId}`;
}
