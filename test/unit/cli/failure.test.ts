import { describe, expect, it } from 'vitest';

import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { toErrorBody, toFailure } from '../../../src/lib/cli/failure.ts';
import { renderFailure } from '../../../src/lib/cli/render-failure.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

/** As `@oclif/core` throws them: an exit code of its own, and fields that say what is wrong. */
function oclifError(message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { oclif: { exit: 2 } }, fields);
}

describe('a failure', () => {
  it('takes its exit code, hint and whether to retry from the catalogue', () => {
    const failure = toFailure(new DozeError('COMPUTE_NOT_FOUND', 'there is no compute "shop"'));
    expect(failure).toMatchObject({ code: 'COMPUTE_NOT_FOUND', exit: 3, retryable: false, hint: 'doze compute list' });
  });

  it('is a bug of ours when something else was thrown', () => {
    expect(toFailure(new TypeError('x is undefined'))).toMatchObject({ code: 'INTERNAL', exit: 1 });
    expect(toFailure('text')).toMatchObject({ code: 'INTERNAL', message: 'text' });
  });

  it('of an unknown flag names the flag that was meant', () => {
    const thrown = oclifError('Nonexistent flag: --dept', {
      flags: ['--dept'],
      parse: { input: { flags: { depth: {}, force: {} } } },
    });
    expect(toFailure(thrown, 'compute:suspend')).toMatchObject({
      code: 'USAGE',
      exit: 2,
      message: '`doze compute suspend` has no flag --dept; did you mean --depth?',
      hint: 'doze compute suspend --help',
    });
  });

  it('of arguments says which are missing and which are too many', () => {
    expect(toFailure(oclifError('', { args: [{ name: 'name' }] }), 'compute:start').message).toBe(
      '`doze compute start` needs NAME',
    );
    expect(toFailure(oclifError('', { args: ['b', 'c'] }), 'compute:start').message).toBe(
      '`doze compute start` does not take "b", "c"',
    );
  });

  it('of another mistake keeps what oclif says of it, without its advice', () => {
    const thrown = oclifError('Flag --size expects a value\nSee more help with --help');
    expect(toFailure(thrown, 'compute:start')).toMatchObject({ message: 'Flag --size expects a value', exit: 2 });
  });
});

describe('a failure as JSON', () => {
  it('has the fields that scripts rely on', () => {
    const failure = toFailure(new DozeError('COMPUTE_BUSY', '"shop" has 1 open transaction', { hint: 'wait' }));
    expect(toErrorBody(failure)).toEqual({
      error: { code: 'COMPUTE_BUSY', message: '"shop" has 1 open transaction', hint: 'wait', retryable: true },
    });
  });

  it('has null for a hint that there is not', () => {
    expect(toErrorBody(toFailure(new DozeError('ACCESS_DENIED', 'no'))).error.hint).toBeNull();
  });
});

describe('a failure for people', () => {
  it('is what happened, and what to type next', () => {
    const failure = toFailure(new DozeError('STATE_CONFLICT', 'it is failed', { hint: 'doze compute resume shop' }));
    expect(renderFailure(failure, PLAIN)).toBe('Error: it is failed\nNext: doze compute resume shop');
  });

  it("shows the server's last words", () => {
    const logTail = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const text = renderFailure(toFailure(new DozeError('SERVER_CRASHED', 'it died', { details: { logTail } })), PLAIN);
    expect(text.split('\n').filter((line) => line.startsWith('  | '))).toHaveLength(10);
    expect(text).toContain('  | line 29');
  });
});
