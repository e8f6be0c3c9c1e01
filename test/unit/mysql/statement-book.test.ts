import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  Command,
  CommandScanner,
  DEFAULT_CAPABILITIES,
  insertTypes,
  ResponseScanner,
  ResponseTracker,
  StatementBook,
  Stop,
  writePacket,
} from '../../../src/lib/mysql/index.ts';

const CLOSED = 0x7fff_ffff;
const TYPES = Buffer.of(0x03, 0x00, 0xfd, 0x00);

function prepareOk(id: number, parameters: number): Buffer {
  const payload = Buffer.alloc(12);
  payload.writeUInt32LE(id, 1);
  payload.writeUInt16LE(parameters, 7);
  return payload;
}

function about(command: number, id: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(command, 0);
  head.writeUInt32LE(id, 1);
  return writePacket(Buffer.concat([head, rest]), 0);
}

/** Of a statement with two parameters. */
function execute(id: number, types: Buffer | null, { flags = 0, values = 'x' } = {}): Buffer {
  const typed = types === null ? [Buffer.of(0)] : [Buffer.of(1), types];
  return about(
    Command.STMT_EXECUTE,
    id,
    Buffer.concat([Buffer.of(flags, 1, 0, 0, 0, 0), ...typed, Buffer.from(values)]),
  );
}

interface Subject {
  readonly book: StatementBook;
  readonly commands: CommandScanner;
  readonly responses: ResponseScanner;
  /** Has a statement of two parameters prepared; the server calls it `serverId`. @returns what the client is told */
  prepare(serverId: number, sql?: string): number;
}

function newSubject(): Subject {
  const book = new StatementBook();
  const tracker = new ResponseTracker(DEFAULT_CAPABILITIES, 2, book);
  const commands = new CommandScanner(tracker, book);
  const responses = new ResponseScanner(tracker);
  return {
    book,
    commands,
    responses,
    prepare: (serverId, sql = 'SELECT ?, ?') => {
      const packet = writePacket(Buffer.from(`\x16${sql}`), 0);
      expect(commands.scan(packet, 0)).toBe(Stop.INSPECT);
      book.prepareSent(Buffer.from(sql));
      commands.inspected(Command.STMT_PREPARE, 0);
      const answer = Buffer.concat([
        writePacket(prepareOk(serverId, 2), 1),
        writePacket(Buffer.from('parameter'), 2),
        writePacket(Buffer.from('parameter'), 3),
      ]);
      responses.scan(answer);
      return answer.readUInt32LE(5);
    },
  };
}

describe('prepared statements on the connection that they were prepared on', () => {
  it('keep the ids of the server, and their commands go on untouched', () => {
    const { commands, prepare } = newSubject();
    expect([prepare(1), prepare(2)]).toEqual([1, 2]);
    const packet = execute(2, TYPES);
    const before = Buffer.from(packet);
    expect(commands.scan(packet, 0)).toBe(Stop.END);
    expect(packet).toEqual(before);
  });

  it('may be executed without types whatever the server knows: it is the server that says no', () => {
    const { commands, prepare } = newSubject();
    prepare(1);
    expect(commands.scan(execute(1, null), 0)).toBe(Stop.END);
  });

  it('are forgotten when they are closed or the session is reset', () => {
    const { book, commands, prepare } = newSubject();
    prepare(1);
    prepare(2);
    commands.scan(about(Command.STMT_CLOSE, 1), 0);
    expect(book.size).toBe(1);
    book.clear();
    expect(book.size).toBe(0);
  });

  it('that the server refused are none', () => {
    const { book, commands, responses, prepare } = newSubject();
    book.prepareSent(Buffer.from('SELEC'));
    commands.inspected(Command.STMT_PREPARE, 0);
    responses.scan(writePacket(Buffer.from('\xff\x28\x04#42000no', 'latin1'), 1));
    expect(book.size).toBe(0);
    const id = prepare(1, 'SELECT 1');
    expect(book.sqlOf(id)?.toString()).toBe('SELECT 1');
  });

  it('do not outlive it with a cursor, long data or a text that was not kept', () => {
    const { book, commands, prepare } = newSubject();
    prepare(1);
    expect(book.unmovable).toBeNull();
    commands.scan(execute(1, TYPES, { flags: 1 }), 0);
    expect(book.unmovable).toBe('cursor');
    commands.scan(about(Command.STMT_RESET, 1), 0);
    expect(book.unmovable).toBeNull();
    commands.scan(about(Command.STMT_SEND_LONG_DATA, 1, Buffer.from('\0\0data')), 0);
    expect(book.unmovable).toBe('longData');
    commands.scan(execute(1, TYPES), 0);
    expect(book.unmovable).toBeNull();
    book.prepareSent(null);
    book.prepared(2, 0, 0);
    expect(book.unmovable).toBe('long');
  });

  it('are not kept without end', () => {
    const { book } = newSubject();
    for (let id = 1; id <= 20; id++) {
      book.prepareSent(Buffer.alloc(64 * 1024));
      book.prepared(id, 0, 0);
    }
    expect(book.sqlOf(10)).not.toBeNull();
    expect(book.sqlOf(20)).toBeNull();
  });
});

describe('prepared statements on another connection', () => {
  it('have to be prepared first, and then their commands carry the id of that server', () => {
    const { book, commands, prepare } = newSubject();
    const id = prepare(7);
    commands.scan(execute(id, TYPES), 0);
    book.moved();
    const packet = execute(id, TYPES);
    expect(commands.scan(packet, 0)).toBe(Stop.PREPARE);
    expect(commands.stoppedAt).toBe(0);
    book.needed!.serverId = 3;
    expect(commands.scan(packet, 0)).toBe(Stop.END);
    expect(packet.readUInt32LE(5)).toBe(3);
  });

  it('get the types that their client leaves out, as it sent them before', () => {
    const { book, commands, prepare } = newSubject();
    const id = prepare(7);
    commands.scan(execute(id, TYPES), 0);
    book.moved();
    const packet = execute(id, null, { values: 'values' });
    commands.scan(packet, 0);
    book.needed!.serverId = 3;
    expect(commands.scan(packet, 0)).toBe(Stop.TYPES);
    const { typed, headLength } = insertTypes(packet, book.needed!);
    expect(Buffer.concat([typed, packet.subarray(headLength)])).toEqual(execute(3, TYPES, { values: 'values' }));
    book.needed!.areTypesKnown = true;
    expect(commands.scan(packet, 0)).toBe(Stop.END);
    expect(commands.isAtBoundary).toBe(true);
  });

  it('never meet a new one of the same id: the client is given another', () => {
    const { book, responses, prepare } = newSubject();
    const first = prepare(1);
    book.moved();
    responses.keepsCuts = false;
    const second = prepare(1);
    expect(second).not.toBe(first);
    expect(book.size).toBe(2);
  });

  it('close nothing else when they are closed', () => {
    const { book, commands, prepare } = newSubject();
    const id = prepare(1);
    book.moved();
    const packet = about(Command.STMT_CLOSE, id);
    expect(commands.scan(packet, 0)).toBe(Stop.END);
    expect(packet.readUInt32LE(5)).toBe(CLOSED);
  });

  it('are found again however the packets are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 20 }), (cuts) => {
        const { book, commands, prepare } = newSubject();
        const id = prepare(7);
        book.moved();
        book.needed = null;
        commands.scan(execute(id, TYPES), 0);
        book.needed!.serverId = 3;
        const packets = [execute(id, TYPES), about(Command.STMT_RESET, id), execute(id, null), execute(id, TYPES)];
        const bytes = Buffer.concat(packets);
        expect(forwardInParts(commands, bytes, cuts)).toEqual(
          Buffer.concat([execute(3, TYPES), about(Command.STMT_RESET, 3), execute(3, null), execute(3, TYPES)]),
        );
      }),
    );
  });
});

/** As a session does it: what is not taken is shown again with what follows. */
function forwardInParts(commands: CommandScanner, bytes: Buffer, cuts: readonly number[]): Buffer {
  const sent: Buffer[] = [];
  let queued: Buffer = Buffer.alloc(0);
  let at = 0;
  for (let round = 0; at < bytes.length; round++) {
    const length = cuts[round % cuts.length]!;
    const chunk = Buffer.concat([queued, bytes.subarray(at, at + length)]);
    at += length;
    const stop = commands.scan(chunk, 0);
    expect([Stop.END, Stop.CUT]).toContain(stop);
    sent.push(Buffer.from(chunk.subarray(0, commands.stoppedAt)));
    queued = Buffer.from(chunk.subarray(commands.stoppedAt));
  }
  return Buffer.concat(sent);
}
