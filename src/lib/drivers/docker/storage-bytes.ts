import type { Duplex } from 'node:stream';
import { addAbortSignal } from 'node:stream';

import type { InstanceId } from '../driver.ts';
import { DATA_PATH } from './container-options.ts';
import { findContainer } from './containers.ts';
import { readFrames, readLines } from './frames.ts';
import type { DockerHome } from './home.ts';

const DOING = 'measure the data of a compute';

/**
 * Asks inside the container, as the volume may be on another machine and Docker's own figure walks through every
 * volume there is. Null unless the container runs.
 */
export async function storageBytes(home: DockerHome, id: InstanceId, signal: AbortSignal): Promise<number | null> {
  const container = await findContainer(home, id, signal);
  if (container?.State.Status !== 'running') return null;
  // 409: it has just ended or was paused.
  const exec = await home.api.runUnless([404, 409], DOING, signal, (docker) =>
    docker.getContainer(container.Id).exec({ Cmd: ['du', '-sk', DATA_PATH], AttachStdout: true, AttachStderr: false }),
  );
  const output =
    exec && (await home.api.runUnless([404, 409], DOING, signal, () => exec.start({ hijack: true, stdin: false })));
  if (output === null) return null;
  return home.api.run(DOING, signal, () => readKilobytes(addAbortSignal(signal, output)));
}

async function readKilobytes(output: Duplex): Promise<number | null> {
  for await (const line of readLines(readFrames(output), 'stdout')) {
    const kilobytes = /^(\d+)\s/.exec(line)?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return null;
}
