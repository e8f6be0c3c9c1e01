import { rm, stat, writeFile } from 'node:fs/promises';

import type { Clock } from '../../clock.ts';
import { systemCode } from '../../errors/index.ts';
import type { InstanceExit } from '../driver.ts';
import { tryGreeting } from '../try-greeting.ts';
import { LOOPBACK } from './free-port.ts';
import { readInstance } from './instance-file.ts';
import type { Layout } from './layout.ts';
import { orNull } from './read-if-there.ts';
import { readServerState, type ServerState } from './server-state.ts';

/** A shutdown takes 30 ms at best: looking often is what keeps a suspend short. */
const POLL_MS = 5;

/** Asks the server to shut down and waits for its end. Asking again does no harm. */
export async function shutDown(layout: Layout, clock: Clock, signal: AbortSignal): Promise<InstanceExit | null> {
  const state = await readServerState(layout);
  if (state.kind === 'ended') return state.exit;
  // So that a start that comes before the end knows that this server is not to stay.
  await writeFile(layout.stoppingFile, '');
  if (state.kind === 'frozen') send(state.pid, 'SIGCONT');
  await awaitServing(layout, clock, signal);
  send(state.pid, 'SIGTERM');
  const exit = await awaitEnd(layout, clock, signal);
  await rm(layout.stoppingFile, { force: true });
  return exit;
}

/** A server this old serves, or is in a recovery that may be told to stop. */
const YOUNG_MS = 60_000;

/**
 * A server that is told to stop in the last part of its start hangs for ever, and only SIGKILL ends it: 10.11.19 then
 * waits in init_slave() for a thread that saw the shutdown and did not begin. So a young one has to greet first;
 * older ones are spared the warning that a greeting without a login leaves in their log.
 */
async function awaitServing(layout: Layout, clock: Clock, signal: AbortSignal): Promise<void> {
  const port = (await readInstance(layout))?.port ?? null;
  const launchedAtMs = (await orNull(stat(layout.serverFile)))?.mtimeMs ?? 0;
  if (port === null || clock.wallMs() - launchedAtMs > YOUNG_MS) return;
  while ((await readServerState(layout)).kind !== 'ended' && !(await tryGreeting({ host: LOOPBACK, port }, signal))) {
    await clock.sleep(POLL_MS, signal);
  }
}

/** Ends the server at once; what was committed is in its log. */
export async function kill(layout: Layout, clock: Clock, signal: AbortSignal): Promise<void> {
  const state = await readServerState(layout);
  if (state.kind === 'ended') return;
  send(state.pid, 'SIGKILL');
  await awaitEnd(layout, clock, signal);
}

/** Stops every thread of the server where it is; its memory and connections stay. */
export async function freeze(layout: Layout, clock: Clock, signal: AbortSignal): Promise<ServerState> {
  let state = await readServerState(layout);
  if (state.kind === 'running') send(state.pid, 'SIGSTOP');
  while (state.kind === 'running') {
    await clock.sleep(POLL_MS, signal);
    state = await readServerState(layout);
  }
  return state;
}

export function thaw(pid: number): void {
  send(pid, 'SIGCONT');
}

async function awaitEnd(layout: Layout, clock: Clock, signal: AbortSignal): Promise<InstanceExit | null> {
  for (;;) {
    const state = await readServerState(layout);
    if (state.kind === 'ended') return state.exit;
    await clock.sleep(POLL_MS, signal);
  }
}

function send(pid: number, signalName: NodeJS.Signals): void {
  try {
    process.kill(pid, signalName);
  } catch (error) {
    // Ended meanwhile: who waits for its end finds it so.
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
