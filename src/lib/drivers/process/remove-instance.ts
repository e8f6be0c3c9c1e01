import { rename, rm } from 'node:fs/promises';

import type { Clock } from '../../clock.ts';
import { doomedDirectory, layoutOf, type Layout } from './layout.ts';
import { orNull } from './read-if-there.ts';
import { kill } from './stop-server.ts';

/** Ends the server at once and forgets the instance; data and log stay. */
export async function removeInstance(layout: Layout, clock: Clock, signal: AbortSignal): Promise<void> {
  await kill(layout, clock, signal);
  await rm(layout.run, { recursive: true, force: true });
}

/** Out of sight in one step, then deleted, which may take a while and may be cut short. */
export async function purgeInstance(home: string, computeId: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const layout = layoutOf(home, computeId);
  await removeInstance(layout, clock, signal);
  const doomed = doomedDirectory(home, computeId);
  await rm(doomed, { recursive: true, force: true });
  await orNull(rename(layout.root, doomed));
  await rm(doomed, { recursive: true, force: true });
}
