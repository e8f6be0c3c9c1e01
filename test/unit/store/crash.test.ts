import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { createStore } from '../../../src/lib/store/index.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const writer = fileURLToPath(new URL('../../fixtures/append-for-ever.ts', import.meta.url));

it('a process killed while it appends leaves a consistent ledger with all it was told is written', async () => {
  using directory = createTemporaryDirectory();
  const path = `${directory.path}/doze.db`;
  for (const [round, killAfter] of [1, 7, 40].entries()) {
    const lastToldSeq = await appendUntilKilled(path, `round${round}`, killAfter);
    const store = createStore({ path });
    expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
    const events = store.listEvents({});
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.length).toBeGreaterThanOrEqual(lastToldSeq);
    for (const { id, state } of store.listComputes()) {
      expect(store.openSegment(id) !== null, id).toBe(state === 'active');
    }
    store.close();
  }
});

/** @returns the last sequence number the process told before it was killed. */
async function appendUntilKilled(path: string, prefix: string, killAfter: number): Promise<number> {
  const child = spawn(process.execPath, [writer, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let told = 0;
  let lastSeq = 0;
  for await (const line of createInterface(child.stdout)) {
    lastSeq = Number(line);
    told += 1;
    if (told === killAfter) child.kill('SIGKILL');
  }
  expect((await ended)[1]).toBe('SIGKILL');
  expect(told).toBeGreaterThanOrEqual(killAfter);
  return lastSeq;
}
