import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import type { TagServices } from '../services.ts';
import type { Once } from './operations/once.ts';

/** What every route is given. */
export interface RouteContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly once: Once;
  readonly tags: TagServices;
  /** Aborts when the agent stops: what merely waits or follows ends. */
  readonly stopping: AbortSignal;
  /** Aborts when there is no more time for operations under way either. */
  readonly cutOff: AbortSignal;
}
