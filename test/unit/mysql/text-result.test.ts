import { describe, expect, it } from 'vitest';

import {
  Capability,
  ExtendedCapability,
  TextResultReader,
  writeEof,
  writeErr,
  writeOk,
  type Capabilities,
  type TextAnswer,
} from '../../../src/lib/mysql/index.ts';

const OLD: Capabilities = { base: Capability.PROTOCOL_41, extended: 0 };
const NEW: Capabilities = { base: Capability.PROTOCOL_41 | Capability.DEPRECATE_EOF, extended: 0 };
const CACHING: Capabilities = { ...NEW, extended: ExtendedCapability.CACHE_METADATA };

const definition = Buffer.from('\x03def\0\0\0\x01a', 'latin1');
const eof = writeEof({ warnings: 0, status: 2 });
const ok = writeOk({ affectedRows: 0, lastInsertId: 0, status: 2, warnings: 0, rest: Buffer.alloc(0) });
const end = Buffer.concat([Buffer.of(0xfe), ok.subarray(1)]);
const row = Buffer.from('\x011\xfb', 'latin1');
const progress = Buffer.of(0xff, 0xff, 0xff, 1, 1, 1, 0, 0, 0, 0);

function read(capabilities: Capabilities, ...payloads: readonly Buffer[]): TextAnswer | null {
  const reader = new TextResultReader(capabilities, 10_000);
  const answers = payloads.map((payload) => reader.push(payload));
  expect(answers.slice(0, -1).every((answer) => answer === null)).toBe(true);
  return answers.at(-1) ?? null;
}

describe('an answer in the text protocol', () => {
  const rows = { kind: 'rows', rows: [[Buffer.from('1'), null]] };

  it('is read with and without the packets that end its parts', () => {
    expect(read(OLD, Buffer.of(2), definition, definition, eof, row, eof)).toEqual(rows);
    expect(read(NEW, Buffer.of(2), definition, definition, row, end)).toEqual(rows);
  });

  it('is read with definitions and where the client remembers them', () => {
    expect(read(CACHING, Buffer.of(2, 1), definition, definition, row, end)).toEqual(rows);
    expect(read(CACHING, Buffer.of(2, 0), row, end)).toEqual(rows);
  });

  it('may be nothing but an OK, or an error after progress reports and rows', () => {
    expect(read(NEW, ok)?.kind).toBe('ok');
    const err = { errno: 1317, sqlState: '70100', message: 'Query execution was interrupted' };
    expect(read(NEW, progress, Buffer.of(2), definition, definition, row, writeErr(err))).toEqual({ kind: 'err', err });
  });

  it('is refused when it is longer than was allowed, or no answer', () => {
    const reader = new TextResultReader(NEW, 10);
    expect(() => reader.push(Buffer.alloc(11))).toThrow('more than 10 bytes');
    expect(() => read(OLD, Buffer.of(1), definition, eof, row)).toThrow('more than 1 columns');
    expect(() => read(OLD, Buffer.of(2), definition, definition, eof, Buffer.of(5, 1))).toThrow('malformed');
  });
});
