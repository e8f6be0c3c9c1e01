import type { Capabilities } from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import type { Carry } from '../parking/carry.ts';

/** A session as the pool sees it that lends it a connection to the server. */
export interface Tenant {
  readonly carry: Carry;
  readonly capabilities: Capabilities;
  /**
   * Whether it can do without its connection until its next command: the last answer is complete, no transaction is
   * open, nothing is known that pins it, and nothing of the next command has come.
   */
  readonly isMovable: boolean;
  readonly hasEnded: boolean;
  /** Takes its connection away. It counts as busy until it is told `left` or `stays`. */
  detach(): BackendLink;
  /** What it had is known, or it had nothing. */
  left(): void;
  /** It cannot do without, and has its connection back: null when it gets that by asking for one. */
  stays(link: BackendLink | null): void;
  /** What it had is lost. */
  end(error: unknown): void;
}
