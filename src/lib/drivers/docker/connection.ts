import { DozeError } from '../../errors/index.ts';

/** Where a Docker engine listens, and how to get in. */
export type DockerTarget =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Directory with ca.pem, cert.pem and key.pem; null for a plain connection. */
      readonly certificatePath: string | null;
    }
  | { readonly kind: 'ssh'; readonly host: string; readonly port: number; readonly user: string };

/** What decides which engine is meant: the environment as data, and the files of Docker's own CLI. */
export interface ConnectionSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `currentContext` of Docker's config.json; null when there is none. */
  readonly currentContext: string | null;
  /** The contexts of Docker's CLI, by name. */
  readonly contexts: Readonly<Record<string, DockerContext>>;
}

export interface DockerContext {
  readonly host: string;
  readonly certificatePath: string | null;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
const DEFAULT_CONTEXT = 'default';

/**
 * As Docker's CLI does: DOCKER_HOST wins over DOCKER_CONTEXT, which wins over the stored context.
 * @throws DOCKER_UNAVAILABLE when what is named does not exist or is not an address
 */
export function resolveTarget(sources: ConnectionSources): DockerTarget {
  const { environment } = sources;
  const host = textOf(environment['DOCKER_HOST']);
  if (host !== null) return parseTarget(host, certificatePathOf(environment), 'DOCKER_HOST');
  const name = textOf(environment['DOCKER_CONTEXT']) ?? sources.currentContext ?? DEFAULT_CONTEXT;
  if (name === DEFAULT_CONTEXT) return { kind: 'unix', socketPath: DEFAULT_SOCKET };
  const context = sources.contexts[name];
  if (context !== undefined) return parseTarget(context.host, context.certificatePath, `Docker context "${name}"`);
  throw new DozeError('DOCKER_UNAVAILABLE', `there is no Docker context "${name}"`, { hint: 'docker context ls' });
}

/** The address as people write it. */
export function describeTarget(target: DockerTarget): string {
  switch (target.kind) {
    case 'unix':
      return `unix://${target.socketPath}`;
    case 'tcp':
      return `tcp://${target.host}:${target.port}`;
    case 'ssh':
      return `ssh://${target.user === '' ? '' : `${target.user}@`}${target.host}:${target.port}`;
  }
}

function parseTarget(address: string, certificatePath: string | null, source: string): DockerTarget {
  if (address.startsWith('unix://')) return { kind: 'unix', socketPath: address.slice(7) || DEFAULT_SOCKET };
  if (address.startsWith('/')) return { kind: 'unix', socketPath: address };
  const text = address.includes('://') ? address : `tcp://${address}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  const host = url?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  if (url !== null && host !== '') {
    if (url.protocol === 'ssh:') return { kind: 'ssh', host, port: Number(url.port || 22), user: url.username };
    if (url.protocol === 'tcp:' || url.protocol === 'http:' || url.protocol === 'https:') {
      const defaultPort = certificatePath === null ? 2375 : 2376;
      return { kind: 'tcp', host, port: Number(url.port || defaultPort), certificatePath };
    }
  }
  throw new DozeError('DOCKER_UNAVAILABLE', `${source} is "${address}", which is not an address of a Docker engine`, {
    hint: 'use unix:///path, tcp://host:port or ssh://user@host',
  });
}

/** TLS is on when asked for, or when certificates are named. */
function certificatePathOf(environment: ConnectionSources['environment']): string | null {
  const path = textOf(environment['DOCKER_CERT_PATH']);
  if (path !== null) return path;
  const isTls = textOf(environment['DOCKER_TLS_VERIFY']) !== null;
  return isTls ? (textOf(environment['DOCKER_CONFIG']) ?? `${environment['HOME'] ?? ''}/.docker`) : null;
}

function textOf(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
