import { createRequire } from 'node:module';

import { describe, expect, it } from 'vitest';

import { loadDockerode } from '../../../../src/lib/drivers/docker/load-dockerode.ts';
import { findFreePort } from '../../../../src/lib/drivers/process/free-port.ts';

const ofDockerode = createRequire(createRequire(import.meta.url).resolve('dockerode'));

function loadedFilesOf(name: string): string[] {
  return Object.values(ofDockerode.cache)
    .filter((module) => module !== undefined && 'require' in module)
    .map((module) => module.filename)
    .filter((path) => path.includes(`/node_modules/${name}/`));
}

describe('Docker’s client', () => {
  it('is loaded without SSH and gRPC, which are loaded by whoever uses them', async () => {
    const Client = await loadDockerode();
    expect(loadedFilesOf('docker-modem')).not.toEqual([]);
    expect(['ssh2', '@grpc/grpc-js', '@grpc/proto-loader'].flatMap(loadedFilesOf)).toEqual([]);

    const port = await findFreePort(null);
    const overSsh = new Client({ protocol: 'ssh', host: '127.0.0.1', port, username: 'nobody' });
    await expect(overSsh.ping()).rejects.toMatchObject({ code: 'ECONNREFUSED', level: 'client-socket' });
    expect(loadedFilesOf('ssh2')).not.toEqual([]);

    const grpc = ofDockerode('@grpc/grpc-js') as { readonly Server: new () => { forceShutdown(): void } };
    expect(() => new grpc.Server().forceShutdown()).not.toThrow();
  });

  it('is loaded once', async () => {
    expect(await loadDockerode()).toBe(await loadDockerode());
  });
});
