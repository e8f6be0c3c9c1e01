import type { DataRef, SnapshotData, SnapshotRef } from '../driver.ts';
import { removeContainer, removeVolume } from './containers.ts';
import type { DockerHome } from './home.ts';
import { LABEL, labelFilter } from './labels.ts';
import { dataVolumeName } from './names.ts';

const DOING = 'delete a snapshot';

export async function listSnapshots(
  { api, homeId }: DockerHome,
  signal: AbortSignal,
): Promise<readonly SnapshotData[]> {
  const filters = { label: labelFilter(homeId, 'snapshot') };
  const [{ Volumes: volumes }, keepers] = await Promise.all([
    api.run('list volumes', signal, (docker) => docker.listVolumes({ filters })),
    api.run('list containers', signal, (docker) => docker.listContainers({ all: true, filters })),
  ]);
  const whole = new Set(keepers.map(({ Labels: labels }) => labels[LABEL.snapshot]));
  return volumes.flatMap(({ Labels: labels }) => {
    const { [LABEL.compute]: computeId, [LABEL.snapshot]: snapshotId } = labels;
    if (computeId === undefined || snapshotId === undefined) return [];
    return [{ computeId, snapshotId, isComplete: whole.has(snapshotId) }];
  });
}

export async function removeSnapshot(home: DockerHome, snapshot: SnapshotRef, signal: AbortSignal): Promise<void> {
  await endCopiers(home, snapshot, signal);
  const { computeId, snapshotId } = snapshot;
  const label = [...labelFilter(home.homeId, 'snapshot', computeId), `${LABEL.snapshot}=${snapshotId}`];
  await removeContainers(home, label, signal);
  await removeVolume(home, dataVolumeName(home.homeId, snapshot), DOING, signal);
}

/** Whatever copies to this place, be it of an agent that died. */
export async function endCopiers(home: DockerHome, to: DataRef, signal: AbortSignal): Promise<void> {
  const label = labelFilter(home.homeId, 'helper', to.computeId);
  const filters = { label: to.snapshotId === null ? label : [...label, `${LABEL.snapshot}=${to.snapshotId}`] };
  const listed = await home.api.run(DOING, signal, (docker) => docker.listContainers({ all: true, filters }));
  for (const { Id: id, Labels: labels } of listed) {
    if (labels[LABEL.snapshot] === (to.snapshotId ?? undefined)) await removeContainer(home, id, DOING, signal);
  }
}

/** Whatever copies from or to a compute or its snapshots, which keeps their volumes from being deleted. */
export async function endCopiersOf(home: DockerHome, computeId: string, signal: AbortSignal): Promise<void> {
  await removeContainers(home, labelFilter(home.homeId, 'helper', computeId), signal);
  await removeContainers(home, [...labelFilter(home.homeId, 'helper'), `${LABEL.source}=${computeId}`], signal);
}

async function removeContainers(home: DockerHome, label: string[], signal: AbortSignal): Promise<void> {
  const filters = { label };
  const listed = await home.api.run(DOING, signal, (docker) => docker.listContainers({ all: true, filters }));
  for (const { Id: id } of listed) await removeContainer(home, id, DOING, signal);
}
