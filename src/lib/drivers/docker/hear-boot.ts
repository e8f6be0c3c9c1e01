import { addAbortSignal, type Readable } from 'node:stream';

import type { StartListener } from '../driver.ts';
import { readEveryLine, readFrames } from './frames.ts';
import type { DockerHome } from './home.ts';
import { readReport } from './supervisor.ts';

/**
 * Hears a container that is about to be started, as `docker start --attach` does: an attach to one that does not run yet
 * waits for it. Resolves when it listens, which takes Docker 2 ms of the 350 of a start; started before that, the first
 * lines would be missed. Never rejects: what is not heard is not told.
 */
export async function hearBoot({ api }: DockerHome, containerId: string, listener: StartListener): Promise<void> {
  const { signal } = listener;
  try {
    const output = await api.run('listen to a container', signal, (docker) =>
      docker.getContainer(containerId).attach({ stream: true, stdout: true, stderr: true }),
    );
    void tellLines(output as unknown as Readable, listener);
  } catch {
    // Removed meanwhile, or not to be heard.
  }
}

async function tellLines(output: Readable, listener: StartListener): Promise<void> {
  try {
    const lines = readEveryLine(readFrames(addAbortSignal(listener.signal, output)));
    for await (const { stream, text } of lines) {
      if (stream === 'stderr') listener.onLine(text);
      else if (readReport(text)?.state === 'running') listener.onLaunched();
    }
  } catch {
    // Removed meanwhile, or enough was heard.
  }
}
