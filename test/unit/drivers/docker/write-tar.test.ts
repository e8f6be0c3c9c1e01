import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { firstFileOf } from '../../../../src/lib/drivers/docker/read-tar.ts';
import { tarOf } from '../../../../src/lib/drivers/docker/write-tar.ts';

describe('a tar archive of one file', () => {
  it.each([0, 1, 511, 512, 513, 5_000])('holds %i bytes as they were, by our own reading and by tar’s', (length) => {
    const content = 'x'.repeat(length);
    const archive = tarOf('tls.pem', content, 0o444);
    expect(archive.length % 512).toBe(0);
    expect(firstFileOf(archive)).toBe(content);
    expect(execFileSync('tar', ['--extract', '--to-stdout', '--file=-'], { input: archive }).toString()).toBe(content);
  });

  it('is root’s, with the mode that was asked for', () => {
    const list = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--file=-'], {
      input: tarOf('tls.pem', 'key', 0o444),
    });
    expect(list.toString()).toMatch(/^-r--r--r-- 0\/0\s+3 1970-01-01 \S+ tls\.pem\n$/);
  });
});
