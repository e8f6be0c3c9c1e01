import { addAbortSignal, type Readable } from 'node:stream';

import type { ContainerInspectInfo } from 'dockerode';

import type { InstanceId, LogOptions } from '../driver.ts';
import { findContainer } from './containers.ts';
import { readFrames, readLines, type Frame } from './frames.ts';
import type { DockerHome } from './home.ts';

const DOING = 'read the log of a compute';
/** Between looks for the next start of a container that ended while its log is followed. */
const NEXT_START_MS = 1000;
/** Docker counts the supervisor's lines on stdout too; where they are more than these, it is asked again. */
const SPARE_LINES = 50;
const MORE = 8;

/** The server's own log: all that the container writes on stderr. */
export async function* readLogs(
  home: DockerHome,
  id: InstanceId,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  try {
    const container = await findContainer(home, id, signal);
    if (container !== null) yield* await lastLines(home, container, options.tail, signal);
    if (options.follow) yield* followLogs(home, id, container, signal);
  } catch (error) {
    // Being told to stop is how following ends.
    if (!options.follow || !signal.aborted) throw error;
  }
}

async function lastLines(
  home: DockerHome,
  { Id: id }: ContainerInspectInfo,
  tail: number,
  signal: AbortSignal,
): Promise<string[]> {
  if (tail === 0) return [];
  for (let asked = tail + SPARE_LINES; ; asked *= MORE) {
    const output = await home.api.runUnless([404], DOING, signal, (docker) =>
      docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false, tail: asked }),
    );
    if (output === null) return [];
    const lines = await linesOf(output, 'stderr');
    const others = await linesOf(output, 'stdout');
    if (lines.length >= tail || lines.length + others.length < asked) return lines.slice(-tail);
  }
}

/** Goes on over restarts of the container, and over a new container in its place. */
async function* followLogs(
  home: DockerHome,
  id: InstanceId,
  first: ContainerInspectInfo | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let seen = first?.State.Status === 'running' || first?.State.Status === 'paused' ? '' : startOf(first);
  for (;;) {
    const container = await findContainer(home, id, signal);
    const startedAt = startOf(container);
    if (container !== null && startedAt !== seen) {
      // Of the run that was going on when we came, the past is out already.
      yield* followRun(home, container, seen === '', signal);
      seen = startedAt;
    }
    await home.clock.sleep(NEXT_START_MS, signal);
  }
}

async function* followRun(
  home: DockerHome,
  container: ContainerInspectInfo,
  isNewOnly: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const since = isNewOnly ? { tail: 0 } : { since: Math.floor(Date.parse(container.State.StartedAt) / 1000) };
  const stream = await home.api.runUnless([404], DOING, signal, (docker) =>
    docker.getContainer(container.Id).logs({ stdout: true, stderr: true, follow: true, ...since }),
  );
  if (stream !== null) yield* readLines(readFrames(addAbortSignal(signal, stream as Readable)), 'stderr');
}

function startOf(container: ContainerInspectInfo | null): string {
  return container === null ? 'none' : `${container.Id} ${container.State.StartedAt}`;
}

async function linesOf(output: Buffer, stream: Frame['stream']): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(readFrames(one(output)), stream)) lines.push(line);
  return lines;
}

async function* one(buffer: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(buffer);
}
