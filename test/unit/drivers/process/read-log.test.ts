import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { readLog } from '../../../../src/lib/drivers/process/read-log.ts';

const clock = createSystemClock();

describe('a log read back', () => {
  let path = '';
  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'doze-log-')), 'server.log');
  });
  afterEach(() => rm(join(path, '..'), { recursive: true, force: true }));

  const tail = async (count: number): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const line of readLog(path, { tail: count, follow: false }, clock, AbortSignal.timeout(10_000))) {
      lines.push(line);
    }
    return lines;
  };

  it('is the last lines, oldest first', async () => {
    await writeFile(path, 'one\ntwo\nthree\n');
    expect(await tail(2)).toEqual(['two', 'three']);
  });

  it('has the line that was cut short by a crash', async () => {
    await writeFile(path, 'one\ntwo, but th');
    expect(await tail(5)).toEqual(['one', 'two, but th']);
  });

  it('is empty when nothing was logged, or no line was asked for', async () => {
    expect(await tail(5)).toEqual([]);
    await writeFile(path, 'one\n');
    expect(await tail(0)).toEqual([]);
  });

  it('never begins with half a line, however long the file', async () => {
    await writeFile(path, 'x'.repeat(99).concat('\n').repeat(20_000));
    const lines = await tail(1_000_000);
    expect(lines.length).toBeGreaterThan(10_000);
    expect(new Set(lines).size).toBe(1);
  });

  it('goes on with what is added, through a new beginning, until it is told to end', async () => {
    await writeFile(path, 'one\ntw');
    const controller = new AbortController();
    const lines: string[] = [];
    for await (const line of readLog(path, { tail: 10, follow: true }, clock, controller.signal)) {
      lines.push(line);
      if (line === 'one') await appendFile(path, 'o\n');
      if (line === 'two') await writeFile(path, 'new\n');
      if (line === 'new') controller.abort();
    }
    expect(lines).toEqual(['one', 'two', 'new']);
  });
});
