import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Where it was measured: without this, a figure says nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
}

export interface Versions {
  readonly doze: string;
  readonly node: string;
  /** Null where it is not installed. */
  readonly mariadb: string | null;
  readonly docker: string | null;
}

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
  };
}

export function findVersions(): Versions {
  return {
    doze: dozeVersion(),
    node: process.versions.node,
    mariadb: /\d+\.\d+\.\d+/.exec(output('mariadbd', '--version') ?? '')?.[0] ?? null,
    docker: output('docker', 'version', '--format', '{{.Server.Version}}'),
  };
}

/** With the commit in a checkout: the version alone does not change from one measurement to the next. */
function dozeVersion(): string {
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { version: string };
  const commit = output('git', '-C', ROOT, 'rev-parse', '--short', 'HEAD');
  return commit === null ? version : `${version} (${commit})`;
}

function output(program: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  const text = status === 0 ? stdout.trim() : '';
  return text === '' ? null : text;
}
