import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createLog } from '../../../src/lib/agent/log.ts';
import { openRotatingFile } from '../../../src/lib/agent/rotating-file.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doze-log-'));
  path = join(directory, 'agent.log');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const read = (number?: number): string => readFileSync(number === undefined ? path : `${path}.${number}`, 'utf8');

describe('a rotating file', () => {
  it('keeps its path and gives older files numbers, the oldest the highest, and only so many', () => {
    const file = openRotatingFile({ path, maxBytes: 10, keep: 2 });
    for (const text of ['first-----\n', 'second----\n', 'third-----\n', 'fourth----\n', 'now\n']) file.write(text);
    file.close();
    expect([read(), read(1), read(2)]).toEqual(['now\n', 'fourth----\n', 'third-----\n']);
    expect(existsSync(`${path}.3`)).toBe(false);
  });

  it('goes on where an earlier one ended, and counts what that has written', () => {
    const options = { path, maxBytes: 10, keep: 1 };
    const before = openRotatingFile(options);
    before.write('12345\n');
    before.close();
    const after = openRotatingFile(options);
    after.write('67890\n');
    after.write('next\n');
    after.close();
    expect([read(), read(1)]).toEqual(['next\n', '12345\n67890\n']);
  });

  it('can be read by its owner only', () => {
    openRotatingFile({ path, maxBytes: 10, keep: 1 }).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('ignores what comes after its end', () => {
    const file = openRotatingFile({ path, maxBytes: 100, keep: 1 });
    file.close();
    file.close();
    expect(() => file.write('late\n')).not.toThrow();
    expect(read()).toBe('');
  });
});

describe('the log', () => {
  it('is one JSON object a line, errors with their code, hint and cause', () => {
    const file = openRotatingFile({ path, maxBytes: 1e6, keep: 1 });
    const log = createLog(file, 'info');
    log.debug({}, 'not at this level');
    const err = new DozeError('DISK_FULL', 'no room', { hint: 'doze doctor', cause: new TypeError('ENOSPC') });
    log.error({ err, compute: 'shop' }, 'failed');
    const lines = read()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'error',
      msg: 'failed',
      compute: 'shop',
      pid: process.pid,
      err: { code: 'DISK_FULL', hint: 'doze doctor', message: expect.stringContaining('no room') as string },
    });
  });
});
