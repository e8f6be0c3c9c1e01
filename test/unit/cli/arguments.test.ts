import { describe, expect, it } from 'vitest';

import { parseChoice, parseCount } from '../../../src/lib/cli/index.ts';
import { confirmName } from '../../../src/lib/cli/confirm.ts';

describe('values of flags', () => {
  it('are whole numbers within their range', () => {
    expect(parseCount('3306', 'port', 65_535)).toBe(3306);
    for (const text of ['0', '65536', '-1', '1.5', 'x', '', ' 1']) {
      expect(() => parseCount(text, 'port', 65_535)).toThrow(`"${text}" cannot be the value of --port`);
    }
  });

  it('are one of the words there are', () => {
    expect(parseChoice('root', 'as', ['owner', 'root'])).toBe('root');
    expect(() => parseChoice('admin', 'as', ['owner', 'root'])).toThrow('"admin" cannot be the value of --as');
  });
});

describe('a confirmation', () => {
  const options = {
    doing: 'destroying "shop"',
    name: 'shop',
    consequence: '"shop" is about to be destroyed.',
    command: 'doze compute destroy shop --confirm shop',
    isTerminal: false,
    signal: new AbortController().signal,
  };

  it('is given by naming the compute', async () => {
    await expect(confirmName({ ...options, given: 'shop' })).resolves.toBeUndefined();
  });

  it('is refused for another name, and where nobody can be asked', async () => {
    const refusal = { code: 'CONFIRMATION_NEEDED', hint: 'doze compute destroy shop --confirm shop' };
    await expect(confirmName({ ...options, given: 'ship' })).rejects.toMatchObject(refusal);
    await expect(confirmName({ ...options, given: undefined })).rejects.toMatchObject(refusal);
  });
});
