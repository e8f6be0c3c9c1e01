import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { layoutOf, type Layout } from '../../../../src/lib/drivers/process/layout.ts';
import { readProcess } from '../../../../src/lib/drivers/process/process-table.ts';
import { readServerState } from '../../../../src/lib/drivers/process/server-state.ts';

const NO_PID = 2 ** 22 + 1;

describe('the server of an instance', () => {
  let home = '';
  let layout: Layout = layoutOf('/', 'c1');
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'doze-state-'));
    layout = layoutOf(home, 'c1');
    await mkdir(layout.run, { recursive: true });
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('never ran when there is no record', async () => {
    expect(await readServerState(layout)).toEqual({ kind: 'ended', exit: null });
  });

  it('is not the process that has its pid now', async () => {
    const ours = await readProcess(process.pid);
    await writeFile(layout.serverFile, `${process.pid} ${NO_PID} ${ours?.birth ?? ''}\n`);
    expect((await readServerState(layout)).kind).toBe('ended');
    await writeFile(layout.serverFile, `${process.pid} ${NO_PID} another birth\n`);
    expect((await readServerState(layout)).kind).toBe('ended');
  });

  it('ended in a way nobody knows when its supervisor is gone too', async () => {
    await writeFile(layout.serverFile, `${NO_PID} ${NO_PID} some birth\n`);
    const exit = { atMs: null, code: null, isOutOfMemory: false };
    expect(await readServerState(layout)).toEqual({ kind: 'ended', exit });
  });

  it.each([
    ['0 0', 0, false],
    ['137 0', 137, false],
    ['137 2', 137, true],
    ['1 2', 1, false],
  ])('that left "%s" ended with code %i, by the memory limit: %s', async (note, code, isOutOfMemory) => {
    await writeFile(layout.serverFile, `${NO_PID} ${NO_PID} some birth\n`);
    await writeFile(layout.exitFile, `${note}\n`);
    const state = await readServerState(layout);
    expect(state).toMatchObject({ kind: 'ended', exit: { code, isOutOfMemory, atMs: expect.any(Number) as number } });
  });
});
