import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { followFile, readLastLines } from '../../../src/lib/config/index.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

describe('a log file', () => {
  it('gives its last lines, and none where it is not there', () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, 'log');
    expect(readLastLines(file, 2)).toEqual({ lines: [], end: 0 });
    writeFileSync(file, 'a\nb\n\nc\n');
    expect(readLastLines(file, 2)).toEqual({ lines: ['b', 'c'], end: 7 });
    expect(readLastLines(file, 0).lines).toEqual([]);
  });

  it('is followed line by line, also beyond its rotation, until the signal aborts', async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, 'log');
    writeFileSync(file, 'before\n');
    const over = new AbortController();
    const lines = followFile(file, { from: 7, clock: createSystemClock(), signal: over.signal });
    appendFileSync(file, 'one\ntw');
    expect((await lines.next()).value).toBe('one');
    appendFileSync(file, 'o\n');
    expect((await lines.next()).value).toBe('two');
    writeFileSync(file, 'new\n');
    expect((await lines.next()).value).toBe('new');
    over.abort();
    await expect(lines.next()).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
