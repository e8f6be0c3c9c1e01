import { createRequire } from 'node:module';

import type Dockerode from 'dockerode';

type Require = ReturnType<typeof createRequire>;

/**
 * What Docker's client loads at its start for two things that hardly any agent does, an engine over SSH and a build by
 * BuildKit: 120 files, which take 10 MB of an agent's memory. Each is loaded at its first use instead.
 */
const LATE = [
  { name: '@grpc/grpc-js', of: 'dockerode', standIn: anyOf },
  { name: '@grpc/proto-loader', of: 'dockerode', standIn: anyOf },
  { name: 'ssh2', of: 'docker-modem', standIn: clientOf },
] as const;

/** Docker's client. Loaded at the first use: it takes longer than all the rest of the agent's start. */
export async function loadDockerode(): Promise<typeof Dockerode> {
  const fromHere = createRequire(import.meta.url);
  const dockerode = createRequire(fromHere.resolve('dockerode'));
  const requires = { dockerode, 'docker-modem': createRequire(dockerode.resolve('docker-modem')) };
  for (const { name, of, standIn } of LATE) putOff(requires[of], name, standIn);
  return (await import('dockerode')).default;
}

/** Whoever requires it from now on has the stand-in, unless it is there already. */
function putOff(require: Require, name: string, standIn: (load: () => object) => object): void {
  const path = require.resolve(name);
  if (require.cache[path] !== undefined) return;
  let loaded: object | null = null;
  const load = (): object => {
    if (loaded !== null) return loaded;
    Reflect.deleteProperty(require.cache, path);
    loaded = require(name) as object;
    return loaded;
  };
  const exports = standIn(load);
  // Nobody looks at anything else of a module that has been loaded.
  require.cache[path] = { id: path, filename: path, loaded: true, exports, children: [], paths: [] } as never;
}

function anyOf(load: () => object): object {
  return new Proxy({}, { get: (_, property) => Reflect.get(load(), property) as unknown });
}

/** Its class is asked for at once, an instance of it only for the first request. */
function clientOf(load: () => object): object {
  const construct = (): object => {
    const { Client } = load() as { readonly Client: new () => object };
    return new Client();
  };
  return { Client: new Proxy(Object, { construct }) };
}
