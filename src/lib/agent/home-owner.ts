import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import type { DozePaths } from '../config/index.ts';
import { DozeError, systemCode } from '../errors/index.ts';
import { takeExclusiveLock } from '../store/index.ts';

/** Who owns a home, for people and for messages. Whether it does is the lock's business alone. */
export interface OwnerFacts {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  readonly bootId: string;
}

export interface HomeOwnership {
  /** Removes the owner's file, then gives up the lock. */
  release(): void;
}

type OwnerPaths = Pick<DozePaths, 'home' | 'lockFile' | 'ownerFile'>;

/** @throws AGENT_ALREADY_RUNNING naming the owner */
export function ownHome(paths: OwnerPaths, facts: OwnerFacts): HomeOwnership {
  const lock = takeExclusiveLock(paths.lockFile);
  if (lock === null) throw alreadyOwned(paths);
  const draft = `${paths.ownerFile}.new`;
  writeFileSync(draft, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  renameSync(draft, paths.ownerFile);
  return {
    release() {
      rmSync(paths.ownerFile, { force: true });
      lock.release();
    },
  };
}

function alreadyOwned(paths: OwnerPaths): DozeError {
  const owner = readOwner(paths);
  const who = owner === null ? 'another agent' : `another agent (pid ${owner.pid}, doze ${owner.version})`;
  return new DozeError('AGENT_ALREADY_RUNNING', `${who} runs for ${paths.home}`, {
    details: { home: paths.home, owner },
  });
}

/** Null in the moment between the lock and the file, and when it is not readable: it only decorates a message. */
function readOwner({ ownerFile }: OwnerPaths): OwnerFacts | null {
  try {
    return JSON.parse(readFileSync(ownerFile, 'utf8')) as OwnerFacts;
  } catch (error) {
    if (systemCode(error) !== undefined || error instanceof SyntaxError) return null;
    throw error;
  }
}
