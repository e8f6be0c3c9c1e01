import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hasCode } from '../../../src/lib/errors/index.ts';
import {
  Capability,
  DEFAULT_CAPABILITIES,
  isAuthMoreData,
  isAuthSwitchRequest,
  isEof,
  isErr,
  isProgressReport,
  isSslRequest,
  negotiate,
  PayloadReader,
  PayloadWriter,
  readAuthMoreData,
  readAuthSwitchRequest,
  readChangeUser,
  readEof,
  readErr,
  readGreeting,
  readHandshakeResponse,
  readOk,
  readProgressReport,
  withoutTransforms,
  writeAuthMoreData,
  writeAuthSwitchRequest,
  writeChangeUser,
  writeEof,
  writeErr,
  writeGreeting,
  writeHandshakeResponse,
  writeOk,
} from '../../../src/lib/mysql/index.ts';

/** Recorded from 10.11.19-MariaDB-0+deb12u1. */
const GREETING = Buffer.from(
  '0a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100770100005d35302f3b7b797100fef7080200ff8115' +
    '0000000000001d0000004958605879786e40337c3b4d006d7973716c5f6e61746976655f70617373776f726400',
  'hex',
);

const bytes = (constraints?: fc.IntArrayConstraints) => fc.uint8Array(constraints).map((array) => Buffer.from(array));
const noZeros = bytes({ min: 1, maxLength: 40 });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const uint16 = fc.integer({ min: 0, max: 0xffff });

describe('the greeting of a real server', () => {
  it('is read field by field', () => {
    const greeting = readGreeting(GREETING);
    expect(greeting).toMatchObject({
      serverVersion: '10.11.19-MariaDB-0+deb12u1',
      connectionId: 375,
      collation: 8,
      status: 2,
      plugin: 'mysql_native_password',
      capabilities: { base: 0x81ff_f7fe, extended: 0x1d },
    });
    expect(greeting.scramble.toString('hex')).toBe('5d35302f3b7b79714958605879786e40337c3b4d');
  });

  it('is written byte for byte as the server wrote it', () => {
    expect(writeGreeting(readGreeting(GREETING))).toEqual(GREETING);
  });

  it('is offered on without what would have to be decoded', () => {
    const offered = withoutTransforms(readGreeting(GREETING).capabilities);
    expect(offered).toEqual(DEFAULT_CAPABILITIES);
    expect(offered.base & (Capability.SSL | Capability.COMPRESS)).toBe(0);
  });

  it('of an 11.8 goes without the old prefix', () => {
    const written = writeGreeting({ ...readGreeting(GREETING), serverVersion: '11.8.3-MariaDB' });
    expect(written.toString('latin1', 1, 15)).toBe('11.8.3-MariaDB');
  });
});

describe('a handshake response', () => {
  const responses = fc.record({
    flags: fc.record({
      lenenc: fc.boolean(),
      secure: fc.boolean(),
      database: fc.boolean(),
      plugin: fc.boolean(),
      attributes: fc.boolean(),
      mysql: fc.boolean(),
    }),
    extended: uint32,
    maxPacketLength: uint32,
    collation: fc.integer({ min: 0, max: 255 }),
    user: noZeros,
    authResponse: noZeros,
    database: noZeros,
    plugin: fc.constantFrom('mysql_native_password', 'client_ed25519'),
    attributes: bytes({ maxLength: 300 }),
  });

  it('reads back as it was written, whatever the client can do', () => {
    fc.assert(
      fc.property(responses, ({ flags, extended, ...fields }) => {
        const base =
          Capability.PROTOCOL_41 |
          (flags.lenenc ? Capability.PLUGIN_AUTH_LENENC : 0) |
          (flags.secure ? Capability.SECURE_CONNECTION : 0) |
          (flags.database ? Capability.CONNECT_WITH_DB : 0) |
          (flags.plugin ? Capability.PLUGIN_AUTH : 0) |
          (flags.attributes ? Capability.CONNECT_ATTRS : 0) |
          (flags.mysql ? Capability.MYSQL : 0);
        const response = {
          ...fields,
          capabilities: { base: base >>> 0, extended: flags.mysql ? 0 : extended },
          database: flags.database ? fields.database : null,
          plugin: flags.plugin ? fields.plugin : null,
          attributes: flags.attributes ? fields.attributes : null,
        };
        expect(readHandshakeResponse(writeHandshakeResponse(response))).toEqual(response);
      }),
    );
  });

  it('cut anywhere is refused or read, never anything else', () => {
    fc.assert(
      fc.property(bytes({ maxLength: 200 }), fc.boolean(), (payload, isLikely) => {
        if (isLikely && payload.length > 2) payload.writeUInt16LE(payload.readUInt16LE(0) | Capability.PROTOCOL_41, 0);
        expect(refusalCode(() => readHandshakeResponse(payload))).toMatch(/^(none|PROTOCOL_ERROR)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a client from before 4.1 is refused', () => {
    expect(refusalCode(() => readHandshakeResponse(Buffer.from('85a60300000001626f6200', 'hex')))).toBe(
      'PROTOCOL_ERROR',
    );
  });

  it('that asks for TLS is told from one that does not', () => {
    const request = Buffer.alloc(32);
    request.writeUInt32LE(Capability.PROTOCOL_41 | Capability.SSL, 0);
    expect(isSslRequest(request)).toBe(true);
    request.writeUInt32LE(Capability.PROTOCOL_41, 0);
    expect(isSslRequest(request)).toBe(false);
  });
});

describe('small packets', () => {
  it('OK reads back', () => {
    const count = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
    const oks = fc.record({
      affectedRows: count,
      lastInsertId: count,
      status: uint16,
      warnings: uint16,
      rest: bytes(),
    });
    fc.assert(
      fc.property(oks, (ok) => {
        expect(readOk(writeOk(ok))).toEqual(ok);
      }),
    );
  });

  it('ERR reads back, and with the state left out', () => {
    const errs = fc.record({ errno: uint16, sqlState: fc.stringMatching(/^[0-9A-Z]{5}$/), message: fc.string() });
    fc.assert(
      fc.property(errs, (err) => {
        expect(readErr(writeErr(err))).toEqual(err);
      }),
    );
    const early = Buffer.concat([Buffer.of(0xff, 0x10, 0x04), Buffer.from('Too many connections')]);
    expect(isErr(early)).toBe(true);
    expect(readErr(early)).toEqual({ errno: 1040, sqlState: 'HY000', message: 'Too many connections' });
  });

  it('EOF reads back and is told from a row by its length', () => {
    const eof = { warnings: 3, status: 34 };
    expect(readEof(writeEof(eof))).toEqual(eof);
    expect(isEof(writeEof(eof))).toBe(true);
    expect(isEof(Buffer.concat([Buffer.of(0xfe), Buffer.alloc(8)]))).toBe(false);
  });

  it('the request for another method and its data read back', () => {
    const request = { plugin: 'client_ed25519', data: Buffer.alloc(32, 7) };
    expect(readAuthSwitchRequest(writeAuthSwitchRequest(request))).toEqual(request);
    expect(isAuthSwitchRequest(writeAuthSwitchRequest(request))).toBe(true);
    expect(readAuthMoreData(writeAuthMoreData(Buffer.from('more')))).toEqual(Buffer.from('more'));
    expect(isAuthMoreData(writeAuthMoreData(Buffer.alloc(0)))).toBe(true);
  });

  it('a change of user keeps what it does not understand', () => {
    const payload = Buffer.from('\x11app.shop\0\x14restofit', 'latin1');
    expect(writeChangeUser(readChangeUser(payload))).toEqual(payload);
    expect(readChangeUser(payload).user.toString()).toBe('app.shop');
    expect(refusalCode(() => readChangeUser(Buffer.from('\x11app')))).toBe('PROTOCOL_ERROR');
  });

  it('a progress report is told from an error', () => {
    const report = Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 1, 2, 3, 0x10, 0x27, 0, 7), Buffer.from('copying')]);
    expect(isProgressReport(report)).toBe(true);
    expect(readProgressReport(report)).toEqual({ stage: 2, stages: 3, progress: 10_000, info: 'copying' });
    expect(isProgressReport(writeErr({ errno: 1064, sqlState: '42000', message: '' }))).toBe(false);
  });
});

describe('fields', () => {
  it('of encoded length read back', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
        (value) => {
          expect(
            new PayloadReader(new PayloadWriter().lengthEncodedInteger(value).build()).lengthEncodedInteger(),
          ).toBe(value);
        },
      ),
    );
  });

  it('beyond the end are refused', () => {
    for (const read of [
      (r: PayloadReader) => r.uint8(),
      (r: PayloadReader) => r.uint32(),
      (r: PayloadReader) => r.bytes(9),
    ])
      expect(refusalCode(() => read(new PayloadReader(Buffer.alloc(0))))).toBe('PROTOCOL_ERROR');
    expect(refusalCode(() => new PayloadReader(Buffer.of(0xfe, ...Buffer.alloc(8, 0xff))).lengthEncodedInteger())).toBe(
      'PROTOCOL_ERROR',
    );
    expect(refusalCode(() => new PayloadReader(Buffer.of(0xff)).lengthEncodedInteger())).toBe('PROTOCOL_ERROR');
  });

  it('negotiated are those that both sides have', () => {
    expect(negotiate({ base: 0xf000_0003, extended: 5 }, { base: 0x8000_0002, extended: 4 })).toEqual({
      base: 0x8000_0002,
      extended: 4,
    });
  });
});

function refusalCode(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return hasCode(error, 'PROTOCOL_ERROR') ? error.code : String(error);
  }
}
