import { describe, expect, it } from 'vitest';

import {
  proveCertificate,
  readOk,
  replaceOkMessage,
  stage1Of,
  stage2Of,
  writeOk,
} from '../../../src/lib/mysql/index.ts';

const ok = { affectedRows: 0, lastInsertId: 0, status: 2, warnings: 0 };

describe('the message in an OK', () => {
  it('is SHA-256 of password hash, scramble and fingerprint, in hexadecimal digits behind a one', () => {
    const proof = proveCertificate({
      passwordHash: stage2Of(stage1Of('secret')),
      scramble: Buffer.alloc(20, 's'),
      fingerprint: Buffer.alloc(32, 0xab),
    });
    expect(proof[0]).toBe(1);
    expect(proof.toString('latin1', 1)).toMatch(/^[0-9A-F]{64}$/);
  });

  it.each([
    ['nothing', Buffer.alloc(0), Buffer.from('\x05proof')],
    ['a message', Buffer.from('\x03old'), Buffer.from('\x05proof')],
    ['what the session tracker says', Buffer.from('\x00\x04\x01\x02ab'), Buffer.from('\x05proof\x04\x01\x02ab')],
  ])('takes the place of %s', (_what, rest, expected) => {
    const replaced = readOk(replaceOkMessage(writeOk({ ...ok, rest }), Buffer.from('proof')));
    expect(replaced).toEqual({ ...ok, rest: expected });
  });
});
