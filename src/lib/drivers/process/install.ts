import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { DozeError } from '../../errors/index.ts';
import { runCommand } from './run-command.ts';

/** In order of preference, where a machine has several. */
const PACKAGE_MANAGERS = ['apt-get', 'dnf', 'zypper', 'apk', 'pacman', 'brew'] as const;
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

export interface PlatformFacts {
  /** Found on the search path. */
  readonly managers: readonly PackageManager[];
  readonly isRoot: boolean;
  readonly hasSudo: boolean;
}

export interface InstallPlan {
  readonly manager: PackageManager;
  /** Run in order; every one has to succeed. */
  readonly steps: readonly InstallStep[];
}

export interface InstallStep {
  readonly command: readonly [string, ...string[]];
}

/**
 * Packages with the server program and no service: Debian's plain `mariadb-server` would also start one on port
 * 3306. The others install a service but leave it off.
 */
const COMMANDS: Readonly<Record<PackageManager, readonly (readonly [string, ...string[]])[]>> = {
  'apt-get': [
    ['apt-get', 'update'],
    // Through env, as sudo does not pass on what it was given.
    [
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '--yes',
      '--no-install-recommends',
      'mariadb-server-core',
    ],
  ],
  dnf: [['dnf', 'install', '--assumeyes', 'mariadb-server']],
  zypper: [['zypper', '--non-interactive', 'install', 'mariadb']],
  apk: [['apk', 'add', 'mariadb']],
  pacman: [['pacman', '-Sy', '--noconfirm', '--needed', 'mariadb']],
  brew: [['brew', 'install', 'mariadb']],
};

/** Pure. Null when there is no package manager that we know, or we may not use it. */
export function planInstall(facts: PlatformFacts): InstallPlan | null {
  const manager = PACKAGE_MANAGERS.find((known) => facts.managers.includes(known));
  if (manager === undefined) return null;
  const needsRoot = manager !== 'brew';
  if (needsRoot && !facts.isRoot && !facts.hasSudo) return null;
  const isThroughSudo = needsRoot && !facts.isRoot;
  return {
    manager,
    steps: COMMANDS[manager].map((command) => ({ command: isThroughSudo ? ['sudo', ...command] : command })),
  };
}

/** The plan as one line to type. */
export function installHint(plan: InstallPlan | null): string {
  if (plan === null) return "install a MariaDB server with the system's package manager, or start Docker";
  return plan.steps.map(({ command }) => command.join(' ')).join(' && ');
}

export async function readPlatformFacts(searchPath: string): Promise<PlatformFacts> {
  const found = await Promise.all(PACKAGE_MANAGERS.map((manager) => isOnPath(manager, searchPath)));
  return {
    managers: PACKAGE_MANAGERS.filter((_, index) => found[index]),
    isRoot: process.getuid?.() === 0,
    hasSudo: await isOnPath('sudo', searchPath),
  };
}

/** @throws INSTALL_FAILED with the last lines of what the package manager said; the signal's reason */
export async function installServer(
  plan: InstallPlan,
  options: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<void> {
  for (const { command } of plan.steps) {
    const [program, ...args] = command;
    const { exitCode, output } = await runCommand(program, args, options);
    if (exitCode === 0) continue;
    throw new DozeError('INSTALL_FAILED', `"${command.join(' ')}" failed`, {
      hint: `see what it says: ${installHint(plan)}`,
      details: { exitCode: exitCode ?? null, logTail: output.split('\n').slice(-10) },
    });
  }
}

async function isOnPath(program: string, searchPath: string): Promise<boolean> {
  for (const directory of searchPath.split(delimiter).filter((part) => part !== '')) {
    if (
      await access(join(directory, program), constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}
