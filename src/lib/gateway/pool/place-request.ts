import type { GreetedBackend } from '../backend-login.ts';
import type { BackendLink } from '../backend-link.ts';
import type { Carry } from '../parking/carry.ts';
import type { PooledBackend } from './pooled-backend.ts';
import type { Tenant } from './tenant.ts';

/** Who wants a connection, and how it is made his. */
export interface PlaceRequest {
  /** As `PooledBackend.key`. */
  readonly key: string | null;
  readonly carry: Carry;
  /** Whether this one will not do, as what the session begins with is only had by a login of its own. */
  readonly needsNew: (pooled: PooledBackend) => boolean;
  /** A connection of its own. */
  readonly connect: (signal: AbortSignal) => Promise<Connected>;
  /**
   * Makes one with the same key its own.
   * @param leaving whose last statements are still to be read
   * @returns the server's last OK, if the client is to have it
   */
  readonly takeOver: (pooled: PooledBackend, link: BackendLink, leaving: Tenant | null) => Promise<Buffer>;
}

export interface Connected extends Pick<PooledBackend, 'isNeutral' | 'isDefault' | 'hasDatabase'> {
  readonly backend: GreetedBackend;
  /** The server's last OK. */
  readonly payload: Buffer;
}

/** A connection that is the session's from now on. */
export interface Place {
  readonly pooled: PooledBackend;
  readonly backend: GreetedBackend;
  readonly payload: Buffer;
}
