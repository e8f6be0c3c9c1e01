import type { ContainerInspectInfo } from 'dockerode';

import { copyFailure, dataMissing, stillRunning } from '../copy-errors.ts';
import { readCopied } from '../copy-script.ts';
import type { CopyOutcome, CopyRequest, DataRef, VerbContext } from '../driver.ts';
import { findContainer, hasVolume, inspectContainer, removeContainer, removeVolume, reportOf } from './containers.ts';
import { copierOptions, keeperOptions } from './copier-options.ts';
import { imageOf } from './create.ts';
import { readFrames } from './frames.ts';
import type { DockerHome } from './home.ts';
import { copierName, dataVolumeName } from './names.ts';
import { endCopiers, removeSnapshot } from './snapshots.ts';

const DOING = 'copy the data of a compute';

/**
 * In a helper container with both volumes, so that it is the engine's disk that is copied on, wherever that is. Its
 * name lets only one run, and whoever asks for the same copy again waits for the same container. It is removed when
 * what it said is known.
 */
export async function copyData(home: DockerHome, request: CopyRequest, context: VerbContext): Promise<CopyOutcome> {
  const { signal } = context;
  const { from, to, spec } = request;
  await requireStill(home, from, ['running'], signal);
  await requireStill(home, to, ['running', 'paused'], signal);
  const image = (await imageOf(home, spec, context)).reference;
  const target = dataVolumeName(home.homeId, to);
  const wasThere = await hasVolume(home, target, signal);
  const copier = await runCopier(home, request, image, signal);
  const lines = await outputOf(home, copier, signal);
  const { ExitCode: exitCode } = copier.State;
  const copied = exitCode === 0 ? readCopied(lines.join('\n')) : null;
  await removeContainer(home, copier.Id, DOING, signal);
  if (copied === null) {
    if (to.snapshotId !== null) await removeSnapshot(home, { ...to, snapshotId: to.snapshotId }, signal);
    else if (!wasThere) await removeVolume(home, target, DOING, signal);
    throw copyFailure(request, exitCode, lines.slice(-5));
  }
  // The record that the snapshot is whole, and what keeps its volume from being pruned.
  const keeper = keeperOptions(home.homeId, request, image);
  if (keeper !== null) await home.api.runUnless([409], DOING, signal, (docker) => docker.createContainer(keeper));
  return copied;
}

/** @returns the container, ended */
async function runCopier(
  home: DockerHome,
  request: CopyRequest,
  image: string,
  signal: AbortSignal,
): Promise<ContainerInspectInfo> {
  const name = copierName(home.homeId, request.copyId);
  for (let isOurs = false; ;) {
    const container = await inspectContainer(home, name, signal);
    if (container === null) {
      await endCopiers(home, request.to, signal);
      await requireData(home, request, signal);
      const options = copierOptions(home.homeId, request, image);
      await home.api.runUnless([409], DOING, signal, (docker) => docker.createContainer(options));
      isOurs = true;
    } else if (container.State.Status === 'exited' || container.State.Status === 'dead') {
      if (isOurs || container.State.ExitCode === 0) return container;
      // A failure of long ago: whatever was wrong may be right by now.
      await removeContainer(home, container.Id, DOING, signal);
    } else {
      await home.api.runUnless([304, 404], DOING, signal, (docker) => docker.getContainer(name).start());
      await home.api.runUnless([404], DOING, signal, (docker) => docker.getContainer(name).wait());
    }
  }
}

/** To mount a volume that is not there would make it. */
async function requireData(home: DockerHome, request: CopyRequest, signal: AbortSignal): Promise<void> {
  const source = dataVolumeName(home.homeId, request.from);
  if (!(await hasVolume(home, source, signal))) throw dataMissing(request);
}

async function requireStill(
  home: DockerHome,
  data: DataRef,
  forbidden: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (data.snapshotId !== null) return;
  const container = await findContainer(home, data.computeId, signal);
  if (container === null || !forbidden.includes(container.State.Status)) return;
  const isParked = (await reportOf(home, container, signal))?.state === 'parked';
  if (!isParked) throw stillRunning(data);
}

async function outputOf(home: DockerHome, { Id: id }: ContainerInspectInfo, signal: AbortSignal): Promise<string[]> {
  const output = await home.api.run(DOING, signal, (docker) =>
    docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false, tail: 20 }),
  );
  let text = '';
  for await (const { bytes } of readFrames(one(output))) text += bytes.toString('utf8');
  return text.trimEnd().split('\n');
}

async function* one(buffer: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(buffer);
}
