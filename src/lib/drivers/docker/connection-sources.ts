import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DozeError, systemCode } from '../../errors/index.ts';
import type { ConnectionSources, DockerContext } from './connection.ts';

/** Reads the settings of Docker's own CLI, so that doze talks to the engine that `docker` talks to. */
export async function readConnectionSources(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ConnectionSources> {
  const directory = environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? '/', '.docker');
  const config = await readJson(join(directory, 'config.json'));
  return {
    environment,
    currentContext: textIn(config, 'currentContext'),
    contexts: await readContexts(join(directory, 'contexts')),
  };
}

async function readContexts(directory: string): Promise<Record<string, DockerContext>> {
  const contexts: Record<string, DockerContext> = {};
  for (const id of await listDirectory(join(directory, 'meta'))) {
    const meta = await readJson(join(directory, 'meta', id, 'meta.json'));
    const name = textIn(meta, 'Name');
    const host = textIn(fieldOf(fieldOf(meta, 'Endpoints'), 'docker'), 'Host');
    if (name === null || host === null) continue;
    const certificates = join(directory, 'tls', id, 'docker');
    const hasCertificates = (await listDirectory(certificates)).length > 0;
    contexts[name] = { host, certificatePath: hasCertificates ? certificates : null };
  }
  return contexts;
}

async function listDirectory(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new DozeError('DOCKER_UNAVAILABLE', `cannot read ${path}`, { hint: `ls -ld ${path}`, cause: error });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw new DozeError('DOCKER_UNAVAILABLE', `cannot read Docker's settings in ${path}`, {
      hint: `mend or remove ${path}`,
      cause: error,
    });
  }
}

function isAbsent(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}

function textIn(value: unknown, field: string): string | null {
  const text = fieldOf(value, field);
  return typeof text === 'string' && text !== '' ? text : null;
}
