import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import { announce } from './announce.ts';

/** A program that the tests need and the Debian package that brings it. */
export interface Requirement {
  readonly program: string;
  /** By which it is known to be there, for what is no program: its path. */
  readonly file?: string;
  readonly debianPackage: string;
  /** For systems that are not Debian. */
  readonly description: string;
}

/** Where Debian puts programs; a person's PATH may lack the sbin directories. */
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function isInstalled({ program, file }: Requirement): boolean {
  if (file !== undefined) return existsSync(file);
  const path = (process.env['PATH'] ?? '').split(':').filter((directory) => directory !== '');
  return [...path, ...DIRECTORIES].some((directory) => existsSync(`${directory}/${program}`));
}

/**
 * Installs what is missing with apt-get, as root on Debian.
 * @throws naming what to install, wherever that is not possible
 */
export function installMissing(requirements: readonly Requirement[]): void {
  const missing = requirements.filter((requirement) => !isInstalled(requirement));
  if (missing.length === 0) return;
  const obstacle = whyNotInstallable();
  if (obstacle !== null) throw new Error(`the tests need ${describe(missing)}, and ${obstacle}`);

  const packages = [...new Set(missing.map((requirement) => requirement.debianPackage))];
  announce(`installing ${packages.join(', ')}`);
  // One stale third-party source makes update fail although Debian's own are fine: the install decides.
  aptGet('update');
  if (!aptGet('install', '--yes', '--no-install-recommends', ...packages))
    throw new Error(`apt-get install ${packages.join(' ')} failed; its output is above. Try: apt-get update`);

  const absent = missing.filter((requirement) => !isInstalled(requirement));
  if (absent.length > 0) throw new Error(`${describe(absent)} still missing after the install`);
}

function whyNotInstallable(): string | null {
  if (!isDebianLike()) return 'this is not Debian: install them with your package manager';
  if (process.getuid?.() !== 0) return 'only root can install them: run the tests as root, or install them first';
  return null;
}

function isDebianLike(): boolean {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\bdebian\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function describe(requirements: readonly Requirement[]): string {
  return requirements
    .map(({ program, debianPackage, description }) => `${description} (${program}, Debian: ${debianPackage})`)
    .join(', ');
}

function aptGet(...args: string[]): boolean {
  const options = ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', [...options, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
