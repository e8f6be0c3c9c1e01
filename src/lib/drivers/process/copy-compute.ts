import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Clock } from '../../clock.ts';
import { copyFailure, dataMissing, stillRunning } from '../copy-errors.ts';
import { COPY_PROGRAM, COPY_SCRIPT, copyEnvironment, readCopied } from '../copy-script.ts';
import type { CopyOutcome, CopyRequest, DataRef } from '../driver.ts';
import { layoutOf, snapshotDirectory } from './layout.ts';
import { orNull } from './read-if-there.ts';
import { runCommand } from './run-command.ts';
import { isStill, readServerState } from './server-state.ts';
import { removeSnapshot } from './snapshots.ts';

const POLL_MS = 2;

/** The script is a process of its own: one that outlives a killed agent is ended by the next copy to the same place. */
export async function copyCompute(
  home: string,
  request: CopyRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<CopyOutcome> {
  const { from, to } = request;
  await awaitStill(home, from, clock, signal);
  await requireEnded(home, to);
  if ((await orNull(stat(join(rootOf(home, from), 'data')))) === null) throw dataMissing(request);
  const root = rootOf(home, to);
  const wasThere = (await orNull(stat(root))) !== null;
  await makeRoot(to, root);

  const env = { FROM: join(rootOf(home, from), 'data'), TO: root, ...copyEnvironment(request) };
  const { exitCode, stdout, output } = await runCommand('/bin/sh', ['-c', COPY_SCRIPT, COPY_PROGRAM], { signal, env });
  const copied = exitCode === 0 ? readCopied(stdout) : null;
  if (copied !== null) return copied;
  if (to.snapshotId !== null) await removeSnapshot(home, { ...to, snapshotId: to.snapshotId });
  else if (!wasThere) await rm(root, { recursive: true, force: true });
  throw copyFailure(request, exitCode, output.split('\n').slice(-5));
}

function rootOf(home: string, { computeId, snapshotId }: DataRef): string {
  return snapshotId === null ? layoutOf(home, computeId).root : snapshotDirectory(home, computeId, snapshotId);
}

/** Of a compute as at its creation: others may pass through to what the server's user owns, and see nothing on the way. */
async function makeRoot({ snapshotId }: DataRef, root: string): Promise<void> {
  if (snapshotId !== null) await mkdir(dirname(root), { recursive: true, mode: 0o700 });
  await mkdir(root, { recursive: true, mode: snapshotId === null ? 0o711 : 0o700 });
}

/** Of one that was frozen only a moment ago, a thread may still be about to end what it writes. */
async function awaitStill(home: string, from: DataRef, clock: Clock, signal: AbortSignal): Promise<void> {
  if (from.snapshotId !== null) return;
  const layout = layoutOf(home, from.computeId);
  while (!(await isStill(layout))) {
    if ((await readServerState(layout)).kind === 'running') throw stillRunning(from);
    await clock.sleep(POLL_MS, signal);
  }
}

async function requireEnded(home: string, to: DataRef): Promise<void> {
  if (to.snapshotId !== null) return;
  if ((await readServerState(layoutOf(home, to.computeId))).kind !== 'ended') throw stillRunning(to);
}
