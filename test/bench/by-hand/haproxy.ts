import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { awaitPort } from './await-port.ts';
import type { SqlTarget } from './first-row.ts';
import { findFreePort } from './free-port.ts';

/** The fastest proxy there is: it looks at nothing and moves bytes, with as many threads as there are cores. */
export interface Haproxy extends AsyncDisposable {
  readonly target: SqlTarget;
}

export async function startHaproxy(backend: SqlTarget): Promise<Haproxy> {
  const directory = createTemporaryDirectory();
  const port = await findFreePort();
  const file = join(directory.path, 'haproxy.cfg');
  writeFileSync(file, configuration(port, backend));
  const proxy = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  await awaitPort('127.0.0.1', port);
  return {
    target: { ...backend, host: '127.0.0.1', port },
    [Symbol.asyncDispose]: async () => {
      const exited = once(proxy, 'exit');
      proxy.kill('SIGTERM');
      await exited;
      directory[Symbol.dispose]();
    },
  };
}

function configuration(port: number, backend: SqlTarget): string {
  return `global
  maxconn 4096
defaults
  mode tcp
  timeout connect 10s
  timeout client 1h
  timeout server 1h
listen mysql
  bind 127.0.0.1:${String(port)}
  server mariadb ${backend.host}:${String(backend.port)}
`;
}
