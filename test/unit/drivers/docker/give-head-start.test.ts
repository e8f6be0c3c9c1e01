import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { giveHeadStart } from '../../../../src/lib/drivers/docker/give-head-start.ts';

const signal = new AbortController().signal;

type Arguments = Parameters<typeof giveHeadStart>;

function homeWith(kind: 'direct' | 'published'): Arguments[0] {
  return { facts: () => Promise.resolve({ reach: { kind } }) } as unknown as Arguments[0];
}

/** Every line of a process's cgroups has a slash: what is found there is the container's id. */
function containerOf(pid: number, id = '/'): Arguments[1] {
  return { Id: id, State: { Pid: pid } } as unknown as Arguments[1];
}

describe('a head start for a container', () => {
  let process: ChildProcess;
  beforeEach(async () => {
    process = spawn('sleep', ['60']);
    await once(process, 'spawn');
  });
  afterEach(() => process.kill('SIGKILL'));

  it('is the signal that its supervisor waits for', async () => {
    const ended = once(process, 'exit');
    expect(await giveHeadStart(homeWith('direct'), containerOf(process.pid!), signal)).toBe(true);
    expect(await ended).toEqual([null, 'SIGUSR1']);
  });

  it.each([
    ['a process that is not of the container', 'direct' as const, (pid: number) => containerOf(pid, 'f'.repeat(64))],
    ['a container of another machine', 'published' as const, (pid: number) => containerOf(pid)],
    ['one that has no process', 'direct' as const, () => containerOf(0)],
    ['a process that is gone', 'direct' as const, () => containerOf(2 ** 22 + 1)],
  ])('is not given to %s', async (_what, kind, containerFor) => {
    expect(await giveHeadStart(homeWith(kind), containerFor(process.pid!), signal)).toBe(false);
    expect(process.exitCode ?? process.signalCode).toBeNull();
  });
});
