import type { GreetedBackend } from '../backend-login.ts';
import type { Tenant } from './tenant.ts';

/**
 * A connection to a compute's server that sessions take turns on.
 *
 * | state        | who owns the socket                                 | has a tenant           | goes to                        |
 * | ------------ | --------------------------------------------------- | ---------------------- | ------------------------------ |
 * | `connecting` | the login that a waiter asked for                   | no                     | `taken`, or gone               |
 * | `taken`      | its session: what its client sends goes straight on | yes                    | `resetting`, `closing`         |
 * | `free`       | the pool: nobody's, and nothing is on it            | no                     | `resetting`, `closing`         |
 * | `resetting`  | the pool: it is read what the tenant that leaves had, and the next session's is put in its place | no | `taken`, `free`, `closing`; back to its tenant if that turns out to be pinned |
 * | `closing`    | nobody: the last bytes are on their way             | no                     | gone                           |
 *
 * A tenant between two commands, with nothing that pins it, may be made to leave at any moment (`Tenant.isMovable`):
 * its connection is as good as free. As long as nobody needs it nothing is done, and its next command finds all as it
 * was. Gone is when the socket has closed, whoever closed it, and in no other way: so no place is lost or counted
 * twice. What dies here with the agent are sockets; the server rolls back and forgets by itself.
 */
export interface PooledBackend {
  state: 'connecting' | 'taken' | 'free' | 'resetting' | 'closing';
  /** Those with the same key can be made each other's; null is its first session's only. */
  readonly key: string | null;
  /** Null while it is connecting. */
  login: GreetedBackend | null;
  tenant: Tenant | null;
  /** Whether a login sets nothing that a reset would not set again. */
  isNeutral: boolean;
  /** Whether role and database are as after a login. */
  isDefault: boolean;
  /** Whether there may be a current database, which a reset keeps. */
  hasDatabase: boolean;
  /** Monotonic time of the end of its last command. */
  idleSinceMs: number;
}

export function createPooledBackend(key: string | null, nowMs: number): PooledBackend {
  return {
    state: 'connecting',
    key,
    login: null,
    tenant: null,
    isNeutral: false,
    isDefault: false,
    hasDatabase: true,
    idleSinceMs: nowMs,
  };
}

/** Whether it could be made another session's now. */
export function isToBeHad({ state, tenant }: PooledBackend): boolean {
  return state === 'free' || (state === 'taken' && tenant?.isMovable === true);
}

/** It is gone when its socket has closed. */
export function closeBackend(pooled: PooledBackend): void {
  pooled.state = 'closing';
  pooled.login?.link.socket.resume();
  pooled.login?.link.socket.destroySoon();
}

/** How many count towards the size. */
export function countUsed(backends: Iterable<PooledBackend>): number {
  let used = 0;
  for (const { state } of backends) if (state !== 'closing') used += 1;
  return used;
}
