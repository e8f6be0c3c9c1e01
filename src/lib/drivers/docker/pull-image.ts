import type { Readable } from 'node:stream';

import { DozeError, hasCode } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import type { DockerApi } from './docker-api.ts';
import { streamedError } from './docker-errors.ts';
import { readJsonLines } from './json-lines.ts';

/** @throws IMAGE_UNAVAILABLE when the registry does not give it, DISK_FULL, DOCKER_UNAVAILABLE */
export async function pullImage(api: DockerApi, reference: string, { signal, onProgress }: VerbContext): Promise<void> {
  const doing = `pull image ${reference}`;
  onProgress(`pulling ${reference}`);
  try {
    const answer = await api.run(doing, signal, (docker) => docker.pull(withTag(reference)));
    const layers = new Map<string, boolean>();
    for await (const line of readJsonLines(answer as Readable)) {
      signal.throwIfAborted();
      if (typeof line['error'] === 'string') throw streamedError(line['error'], doing);
      if (countLayer(layers, line)) onProgress(`pulling ${reference}: ${describe(layers)}`);
    }
  } catch (error) {
    if (!hasCode(error, 'DOCKER_FAILED')) throw error;
    throw new DozeError('IMAGE_UNAVAILABLE', error.message, { hint: 'doze image build mariadb', cause: error });
  }
}

/** Without a tag Docker would pull every tag there is. */
export function withTag(reference: string): string {
  const isPinned = reference.includes('@') || /:[^/]+$/.test(reference);
  return isPinned ? reference : `${reference}:latest`;
}

/** @returns whether the count of whole layers changed */
function countLayer(layers: Map<string, boolean>, line: Record<string, unknown>): boolean {
  const { id, status } = line;
  if (typeof id !== 'string' || typeof status !== 'string') return false;
  if (status === 'Pulling fs layer') layers.set(id, false);
  if (status !== 'Pull complete' || layers.get(id) === true) return false;
  layers.set(id, true);
  return true;
}

function describe(layers: ReadonlyMap<string, boolean>): string {
  const done = [...layers.values()].filter(Boolean).length;
  return `${done} of ${layers.size} layers`;
}
