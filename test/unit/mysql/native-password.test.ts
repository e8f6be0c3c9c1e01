import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { answerScramble, parseStage2, recoverStage1, stage1Of, stage2Of } from '../../../src/lib/mysql/index.ts';

const scrambles = fc.uint8Array({ minLength: 20, maxLength: 20, min: 1 }).map((bytes) => Buffer.from(bytes));

describe('mysql_native_password', () => {
  it('stores what the server stores', () => {
    // SELECT PASSWORD('secret') of MariaDB 10.11.
    expect(stage2Of(stage1Of('secret')).toString('hex').toUpperCase()).toBe('14E65567ABDB5135D0CFD9A70B3032C179A49EE7');
    expect(parseStage2('*14E65567ABDB5135D0CFD9A70B3032C179A49EE7')).toEqual(stage2Of(stage1Of('secret')));
  });

  it('recovers from a right answer what logs in elsewhere', () => {
    fc.assert(
      fc.property(fc.string(), scrambles, (password, scramble) => {
        const stage1 = stage1Of(password);
        expect(recoverStage1(answerScramble(stage1, scramble), scramble, stage2Of(stage1))).toEqual(stage1);
      }),
    );
  });

  it('refuses the answer to another password or scramble', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), scrambles, scrambles, (right, wrong, scramble, other) => {
        fc.pre(right !== wrong && !scramble.equals(other));
        const stage2 = stage2Of(stage1Of(right));
        expect(recoverStage1(answerScramble(stage1Of(wrong), scramble), scramble, stage2)).toBeNull();
        expect(recoverStage1(answerScramble(stage1Of(right), other), scramble, stage2)).toBeNull();
      }),
    );
  });

  it('refuses answers of any other length', () => {
    const stage2 = stage2Of(stage1Of('secret'));
    for (const length of [0, 1, 19, 21, 32])
      expect(recoverStage1(Buffer.alloc(length), Buffer.alloc(20, 1), stage2)).toBeNull();
  });

  it.each(['', 'invalid', '*14E6', '14E65567ABDB5135D0CFD9A70B3032C179A49EE7', '*' + 'G'.repeat(40)])(
    'takes %j for no hash',
    (text) => {
      expect(parseStage2(text)).toBeNull();
    },
  );
});
