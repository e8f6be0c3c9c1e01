import { addAbortSignal, type Readable } from 'node:stream';

import type { InstanceChange } from '../driver.ts';
import { changeOf, eventTime, readEvent, WATCHED_ACTIONS, type DockerEvent, type WatchedAction } from './events.ts';
import type { DockerHome } from './home.ts';
import { readJsonLines } from './json-lines.ts';
import { labelFilter } from './labels.ts';

const ENDS_AN_ADDRESS: ReadonlySet<WatchedAction> = new Set(['die', 'start', 'destroy']);
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Follows Docker's events. Each connection begins with a `resync`, as there is no telling what happened before it.
 * Ends when the signal aborts.
 */
export async function watchContainers(
  home: DockerHome,
  listener: (change: InstanceChange) => void,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const events = await connect(home, signal);
      pauseMs = FIRST_PAUSE_MS;
      home.isWatched = true;
      listener({ computeId: '', kind: 'resync', exit: null });
      await follow(home, events, listener);
      home.logger.info({}, 'Docker closed the stream of events');
    } catch (error) {
      if (signal.aborted) return;
      home.logger.warn({ err: error }, 'lost the stream of events of Docker');
    } finally {
      home.isWatched = false;
      home.atRest = null;
      home.left.clear();
    }
    await home.clock.sleep(pauseMs, signal).catch(() => null);
    if (signal.aborted) return;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function connect({ api, homeId }: DockerHome, signal: AbortSignal): Promise<Readable> {
  const filters = JSON.stringify({
    type: ['container'],
    label: labelFilter(homeId, 'instance'),
    event: WATCHED_ACTIONS,
  });
  // Docker answers before it listens to itself; without a beginning, what happens in between would be told to nobody.
  // A text, as a number would not hold the nanoseconds; the types know only numbers.
  const since = await engineTime(api, signal);
  const stream = await api.run('follow the events of Docker', signal, (docker) =>
    docker.getEvents({ filters, since: since as unknown as number }),
  );
  return addAbortSignal(signal, stream as Readable);
}

/** By the engine's own clock, which may be another machine's, to the nanosecond: nothing older is told again. */
async function engineTime(api: DockerHome['api'], signal: AbortSignal): Promise<string> {
  const { SystemTime: now } = await api.run('ask Docker for its time', signal, async (docker) => {
    const info: unknown = await docker.info();
    return info as { readonly SystemTime: string };
  });
  return eventTime(now);
}

async function follow(home: DockerHome, events: Readable, listener: (change: InstanceChange) => void): Promise<void> {
  const outOfMemory = new Set<string>();
  for await (const line of readJsonLines(events)) {
    const event = readEvent(line);
    if (event === null) continue;
    if (event.action === 'oom') outOfMemory.add(event.containerId);
    const change = changeOf(event, outOfMemory.has(event.containerId));
    if (event.action === 'die') outOfMemory.delete(event.containerId);
    // One container of a compute may go while its next one comes: what was asked of the one is known by itself.
    const asked = home.asked.has(event.containerId) ? event.containerId : event.computeId;
    keepAtRest(home, event);
    // Its address may be another one from now on.
    if (ENDS_AN_ADDRESS.has(event.action)) home.left.delete(event.computeId);
    const isAsked = home.asked.get(asked)?.has(event.action) === true;
    if (event.action === 'destroy') home.asked.delete(asked);
    if (change !== null && !isAsked) listener(change);
  }
}

/** Whether a container runs, or is there at all, as its events tell it. */
function keepAtRest(home: DockerHome, { action, containerId, computeId }: DockerEvent): void {
  home.changes += 1;
  if (action === 'create' || action === 'die') home.atRest?.computeIds.set(containerId, computeId);
  if (action === 'start' || action === 'destroy') home.atRest?.computeIds.delete(containerId);
}
