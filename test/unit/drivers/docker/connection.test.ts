import { describe, expect, it } from 'vitest';

import {
  describeTarget,
  resolveTarget,
  type ConnectionSources,
} from '../../../../src/lib/drivers/docker/connection.ts';

function sources(changes: Partial<ConnectionSources> = {}): ConnectionSources {
  return { environment: {}, currentContext: null, contexts: {}, ...changes };
}

const CONTEXTS = {
  desktop: { host: 'unix:///home/ann/.docker/desktop/docker.sock', certificatePath: null },
  cloud: { host: 'tcp://10.0.0.9:2376', certificatePath: '/home/ann/.docker/contexts/tls/1/docker' },
};

describe('finding the Docker engine', () => {
  it('takes the default socket when nothing is said', () => {
    expect(resolveTarget(sources())).toEqual({ kind: 'unix', socketPath: '/var/run/docker.sock' });
  });

  it.each([
    ['unix:///run/user/1000/docker.sock', { kind: 'unix', socketPath: '/run/user/1000/docker.sock' }],
    ['unix://', { kind: 'unix', socketPath: '/var/run/docker.sock' }],
    ['/run/podman.sock', { kind: 'unix', socketPath: '/run/podman.sock' }],
    ['tcp://10.0.0.9', { kind: 'tcp', host: '10.0.0.9', port: 2375, certificatePath: null }],
    ['10.0.0.9:4000', { kind: 'tcp', host: '10.0.0.9', port: 4000, certificatePath: null }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, certificatePath: null }],
    ['ssh://ann@db.example', { kind: 'ssh', host: 'db.example', port: 22, user: 'ann' }],
    ['ssh://db.example:2222', { kind: 'ssh', host: 'db.example', port: 2222, user: '' }],
  ])('reads DOCKER_HOST=%s', (host, target) => {
    expect(resolveTarget(sources({ environment: { DOCKER_HOST: host } }))).toEqual(target);
  });

  it('uses the certificates that DOCKER_CERT_PATH names, and the TLS port', () => {
    const environment = { DOCKER_HOST: 'tcp://10.0.0.9', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
    expect(resolveTarget(sources({ environment }))).toEqual({
      kind: 'tcp',
      host: '10.0.0.9',
      port: 2376,
      certificatePath: '/certs',
    });
  });

  it("looks for certificates beside Docker's settings when only TLS is asked for", () => {
    const environment = { DOCKER_HOST: 'tcp://10.0.0.9', DOCKER_TLS_VERIFY: '1', HOME: '/home/ann' };
    expect(resolveTarget(sources({ environment }))).toMatchObject({ certificatePath: '/home/ann/.docker' });
  });

  it('takes the context that is in use', () => {
    const target = resolveTarget(sources({ currentContext: 'cloud', contexts: CONTEXTS }));
    expect(target).toMatchObject({ kind: 'tcp', port: 2376, certificatePath: CONTEXTS.cloud.certificatePath });
  });

  it('lets DOCKER_CONTEXT win over the context that is in use', () => {
    const environment = { DOCKER_CONTEXT: 'desktop' };
    const target = resolveTarget(sources({ environment, currentContext: 'cloud', contexts: CONTEXTS }));
    expect(target).toEqual({ kind: 'unix', socketPath: '/home/ann/.docker/desktop/docker.sock' });
  });

  it('lets DOCKER_HOST win over DOCKER_CONTEXT', () => {
    const environment = { DOCKER_HOST: 'unix:///a.sock', DOCKER_CONTEXT: 'cloud' };
    expect(resolveTarget(sources({ environment, contexts: CONTEXTS }))).toMatchObject({ socketPath: '/a.sock' });
  });

  it('takes an empty variable for one that is not set', () => {
    const environment = { DOCKER_HOST: '', DOCKER_CONTEXT: '' };
    expect(resolveTarget(sources({ environment, currentContext: 'desktop', contexts: CONTEXTS }))).toMatchObject({
      kind: 'unix',
      socketPath: '/home/ann/.docker/desktop/docker.sock',
    });
  });

  it('names the context that does not exist', () => {
    const environment = { DOCKER_CONTEXT: 'gone' };
    expect(() => resolveTarget(sources({ environment, contexts: CONTEXTS }))).toThrow(
      expect.objectContaining({ code: 'DOCKER_UNAVAILABLE', message: expect.stringContaining('"gone"') as string }),
    );
  });

  it.each(['ftp://host', 'tcp://', 'tcp://host:notaport'])('refuses %s as an address, and names it', (host) => {
    expect(() => resolveTarget(sources({ environment: { DOCKER_HOST: host } }))).toThrow(
      expect.objectContaining({ code: 'DOCKER_UNAVAILABLE', message: expect.stringContaining(host) as string }),
    );
  });

  it.each(['unix:///a.sock', 'tcp://10.0.0.9:2375', 'ssh://ann@db.example:22'])('writes %s back as it was', (host) => {
    expect(describeTarget(resolveTarget(sources({ environment: { DOCKER_HOST: host } })))).toBe(host);
  });
});
