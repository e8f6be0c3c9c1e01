import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type Dockerode from 'dockerode';

import { DozeError } from '../../errors/index.ts';
import { describeTarget, resolveTarget, type DockerTarget } from './connection.ts';
import { readConnectionSources } from './connection-sources.ts';
import { loadDockerode } from './load-dockerode.ts';

export interface DockerClient {
  readonly docker: Dockerode;
  readonly target: DockerTarget;
}

/**
 * A client of the engine that the environment names. Opens no connection yet.
 * @throws DOCKER_UNAVAILABLE when the settings are wrong or certificates cannot be read
 */
export async function createDockerClient(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DockerClient> {
  const target = resolveTarget(await readConnectionSources(environment));
  const Client = await loadDockerode();
  return { target, docker: new Client(await dockerodeOptions(target, environment['SSH_AUTH_SOCK'])) };
}

// dockerode mixes DOCKER_HOST of the process's own environment into what is missing here, so every field is set.
const UNSET = {
  host: undefined,
  port: undefined,
  socketPath: undefined,
  username: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
};

async function dockerodeOptions(target: DockerTarget, agentSocket?: string): Promise<Dockerode.DockerOptions> {
  switch (target.kind) {
    case 'unix':
      return { ...UNSET, protocol: 'http', socketPath: target.socketPath };
    case 'tcp': {
      const base = { ...UNSET, host: target.host, port: target.port, pathPrefix: '/' };
      if (target.certificatePath === null) return { ...base, protocol: 'http' };
      const certificates = await readCertificates(target, target.certificatePath);
      return { ...base, ...certificates, protocol: 'https' };
    }
    case 'ssh':
      return {
        ...UNSET,
        protocol: 'ssh',
        host: target.host,
        port: target.port,
        username: target.user,
        pathPrefix: '/',
        sshOptions: { agent: agentSocket },
      } as Dockerode.DockerOptions;
  }
}

async function readCertificates(
  target: DockerTarget,
  directory: string,
): Promise<Record<'ca' | 'cert' | 'key', Buffer>> {
  const read = async (name: string): Promise<Buffer> => {
    const path = join(directory, name);
    try {
      return await readFile(path);
    } catch (error) {
      throw new DozeError('DOCKER_UNAVAILABLE', `cannot read ${path}, needed for ${describeTarget(target)}`, {
        hint: 'set DOCKER_CERT_PATH to the directory with ca.pem, cert.pem and key.pem',
        cause: error,
      });
    }
  };
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ca, cert, key };
}
