import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readConnectionSources } from '../../../../src/lib/drivers/docker/connection-sources.ts';

let directory = '';
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'doze-contexts-'))));
afterEach(async () => rm(directory, { recursive: true }));

async function addContext(id: string, meta: string): Promise<void> {
  await mkdir(join(directory, 'contexts/meta', id), { recursive: true });
  await writeFile(join(directory, 'contexts/meta', id, 'meta.json'), meta);
}

describe("Docker's own settings", () => {
  it('may be missing altogether', async () => {
    const environment = { DOCKER_CONFIG: join(directory, 'none') };
    expect(await readConnectionSources(environment)).toEqual({ environment, currentContext: null, contexts: {} });
  });

  it('name the context in use, the hosts of contexts, and their certificates', async () => {
    await writeFile(join(directory, 'config.json'), '{"currentContext":"cloud"}');
    await addContext('1', '{"Name":"cloud","Endpoints":{"docker":{"Host":"tcp://10.0.0.9:2376"}}}');
    await addContext('2', '{"Name":"local","Endpoints":{"docker":{"Host":"unix:///a.sock"}}}');
    const certificates = join(directory, 'contexts/tls/1/docker');
    await mkdir(certificates, { recursive: true });
    await writeFile(join(certificates, 'ca.pem'), '');
    expect(await readConnectionSources({ DOCKER_CONFIG: directory })).toMatchObject({
      currentContext: 'cloud',
      contexts: {
        cloud: { host: 'tcp://10.0.0.9:2376', certificatePath: certificates },
        local: { host: 'unix:///a.sock', certificatePath: null },
      },
    });
  });

  it('are named when they cannot be read', async () => {
    await writeFile(join(directory, 'config.json'), '{"currentContext":');
    await expect(readConnectionSources({ DOCKER_CONFIG: directory })).rejects.toMatchObject({
      code: 'DOCKER_UNAVAILABLE',
      message: expect.stringContaining(join(directory, 'config.json')) as string,
    });
  });
});
