import { ensureDockerEngine } from './docker-engine.ts';
import { installMissing } from './packages.ts';
import { ensureServerImage } from './server-image.ts';
import { ensureSwap } from './swap.ts';

/**
 * What contract, integration and e2e tests stand on: a MariaDB server and client on this machine, swap, a
 * Docker engine, and a server image in it. Runs once for each of the three; nothing is done twice.
 */
export default async function setup(): Promise<void> {
  installMissing([
    { program: 'mariadbd', debianPackage: 'mariadb-server-core', description: 'MariaDB server' },
    { program: 'mariadb', debianPackage: 'mariadb-client-core', description: 'MariaDB command line client' },
  ]);
  ensureSwap();
  await ensureDockerEngine();
  await ensureServerImage();
}
