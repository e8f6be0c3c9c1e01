import { describe, expect, it } from 'vitest';

import { catalogue, DozeError, hasCode, systemCode, toDozeError } from '../../../src/lib/errors/index.ts';

describe('DozeError', () => {
  it('takes its hint from the catalogue unless it is given one', () => {
    expect(new DozeError('COMPUTE_NOT_FOUND', 'no compute "a"').hint).toBe('doze compute list');
    expect(new DozeError('COMPUTE_NOT_FOUND', 'no compute "a"', { hint: 'look' }).hint).toBe('look');
  });

  it('carries code, details, cause and the catalogue entry', () => {
    const cause = new Error('disk');
    const error = new DozeError('DISK_FULL', 'no space for "a"', { cause, details: { bytes: 1 } });
    expect(error).toMatchObject({ code: 'DISK_FULL', cause, details: { bytes: 1 }, entry: catalogue.DISK_FULL });
  });

  it('has no cause when it is given none', () => {
    expect('cause' in new DozeError('INTERNAL', 'x')).toBe(false);
  });
});

describe('toDozeError', () => {
  it('returns our own errors as they are', () => {
    const error = new DozeError('USAGE', 'x');
    expect(toDozeError(error, 'while starting')).toBe(error);
  });

  it.each([
    ['an error', new TypeError('boom'), 'boom'],
    ['a text', 'boom', 'boom'],
    ['nothing', undefined, 'undefined'],
  ])('makes INTERNAL of %s and keeps it as the cause', (_, thrown, text) => {
    const error = toDozeError(thrown, 'while starting');
    expect(error).toMatchObject({ code: 'INTERNAL', message: `while starting: ${text}` });
    expect(error.hint).toBe(catalogue.INTERNAL.hint);
    expect(error.cause).toBe(thrown);
  });
});

describe('a system error of a full disk', () => {
  it.each(['ENOSPC', 'EDQUOT'])('becomes DISK_FULL when it is %s', (code) => {
    const thrown = Object.assign(new Error(`${code}: no space left on device, write`), { code });
    const error = toDozeError(thrown, 'compute "a"');
    expect(error).toMatchObject({ code: 'DISK_FULL', hint: 'doze doctor', cause: thrown });
    expect(error.message).toContain('compute "a": ');
  });
});

describe('hasCode', () => {
  it('tells our codes apart, and is false for what is not ours', () => {
    expect(hasCode(new DozeError('USAGE', 'x'), 'USAGE')).toBe(true);
    expect(hasCode(new DozeError('USAGE', 'x'), 'INTERNAL')).toBe(false);
    expect(hasCode({ code: 'USAGE' }, 'USAGE')).toBe(false);
  });
});

describe('systemCode', () => {
  it('reads the code of a system error and of nothing else', () => {
    expect(systemCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(systemCode(Object.assign(new Error('x'), { code: 5 }))).toBeUndefined();
    expect(systemCode(new Error('x'))).toBeUndefined();
    expect(systemCode(null)).toBeUndefined();
    expect(systemCode('ENOENT')).toBeUndefined();
  });
});
