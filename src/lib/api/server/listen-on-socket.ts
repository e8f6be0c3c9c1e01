import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { FastifyInstance } from 'fastify';

import { makeSocketDirectory, type SocketPaths } from '../socket-directory.ts';

export type { SocketPaths } from '../socket-directory.ts';

/** Shorter than the socket's own name, so that its path is never the longer one. */
const NURSERY = '.sock';

/**
 * Listens with mode 0600 from the first moment: the socket is made in a directory nobody else can enter, and moved
 * to its place when it is ready. The move also replaces, in one step, what an agent that was killed has left; so
 * only the owner of the home's lock may do this.
 */
export async function listenOnSocket(server: FastifyInstance, paths: SocketPaths): Promise<void> {
  makeSocketDirectory(paths);
  const nursery = join(dirname(paths.socket), NURSERY);
  const newborn = join(nursery, 's');
  rmSync(nursery, { recursive: true, force: true });
  mkdirSync(nursery, { mode: 0o700 });
  await server.listen({ path: newborn });
  chmodSync(newborn, 0o600);
  renameSync(newborn, paths.socket);
  rmSync(nursery, { recursive: true, force: true });
}

/** Only for the owner of the home's lock. */
export function removeSocket(paths: SocketPaths): void {
  rmSync(paths.socket, { force: true });
  const directory = dirname(paths.socket);
  if (directory !== paths.home) rmSync(directory, { recursive: true, force: true });
}
