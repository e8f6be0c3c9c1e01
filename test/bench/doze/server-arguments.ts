import { createSystemClock } from '../../../src/lib/clock.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';

/** What doze itself passes to a server of this size: a bare one is to do the same work. */
export function serverArguments(cu: number): readonly string[] {
  return createMariaDbEngine({ clock: createSystemClock() }).serverArguments(cu);
}
