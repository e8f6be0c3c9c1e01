import { describe, expect, it } from 'vitest';

import {
  Capability,
  type Capabilities,
  Command,
  CommandScanner,
  MAX_FRAME_LENGTH,
  ResponseScanner,
  ResponseTracker,
  ServerStatus,
  StatementBook,
  Stop,
  writeEof,
  writeErr,
  writeOk,
  writePacket,
} from '../../../src/lib/mysql/index.ts';

const OLD_STYLE: Capabilities = { base: Capability.PROTOCOL_41, extended: 0 };
const NOTHING = Buffer.alloc(0);

function openSession(capabilities = OLD_STYLE) {
  const book = new StatementBook();
  const tracker = new ResponseTracker(capabilities, ServerStatus.AUTOCOMMIT, book);
  const commands = new CommandScanner(tracker, book);
  const responses = new ResponseScanner(tracker);
  return {
    tracker,
    commands,
    responses,
    send: (payload: Buffer, sequence = 0) => commands.scan(writePacket(payload, sequence), 0),
    answer: (...payloads: readonly Buffer[]) => {
      responses.scan(Buffer.concat(payloads.map((payload, index) => writePacket(payload, index + 1))));
    },
  };
}

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
const ok = (status: number = ServerStatus.AUTOCOMMIT): Buffer =>
  writeOk({ affectedRows: 0, lastInsertId: 0, status, warnings: 0, rest: NOTHING });
const eof = (status: number = ServerStatus.AUTOCOMMIT): Buffer => writeEof({ warnings: 0, status });
const err = writeErr({ errno: 1317, sqlState: '70100', message: 'Query execution was interrupted' });
const progress = Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 1, 1, 1, 0, 0, 0, 0)]);
const definition = Buffer.from('\x03def\0\0\0\x01a', 'latin1');
const infile = Buffer.concat([Buffer.of(0xfb), Buffer.from('x')]);

describe('a session that is followed', () => {
  it('goes on waiting after progress reports, wherever they come', () => {
    const { tracker, send, answer } = openSession();
    send(query('ALTER TABLE t FORCE'));
    answer(progress, progress);
    expect(tracker.isBusy).toBe(true);
    answer(ok());
    expect(tracker.isBusy).toBe(false);
    expect(tracker.isLost).toBe(false);
  });

  it('ends with an error in the middle of rows', () => {
    const { tracker, send, answer } = openSession();
    send(query('SELECT a FROM t'));
    answer(Buffer.of(1), definition, eof(), Buffer.from('\x011'), err);
    expect(tracker.isBusy).toBe(false);
    expect(tracker.isLost).toBe(false);
  });

  it('takes a row that begins like an end for a row, by its length', () => {
    const { tracker, send, answer, responses } = openSession({
      base: Capability.PROTOCOL_41 | Capability.DEPRECATE_EOF,
      extended: 0,
    });
    send(query('SELECT a FROM t'));
    answer(Buffer.of(1), definition);
    // A value of 16 MiB and more is preceded by 0xfe and eight bytes of length, and fills a whole frame.
    const row = Buffer.alloc(MAX_FRAME_LENGTH + 20, 0xfe);
    responses.scan(writePacket(row, 3));
    expect(tracker.isBusy).toBe(true);
    const end = Buffer.concat([Buffer.of(0xfe), ok().subarray(1)]);
    answer(end);
    expect(tracker.isBusy).toBe(false);
    expect(tracker.isLost).toBe(false);
  });

  it('sees no command in the frames that continue one', () => {
    const { tracker, commands, send } = openSession();
    send(Buffer.concat([query('SELECT '), Buffer.alloc(2 * MAX_FRAME_LENGTH, 'x')]));
    expect(commands.commands).toBe(1);
    expect(tracker.pendingCount).toBe(1);
    expect(commands.isAtBoundary).toBe(true);
  });

  it('waits for the empty frame that ends a command of exactly one whole frame', () => {
    const { commands } = openSession();
    const packet = writePacket(Buffer.concat([query(''), Buffer.alloc(MAX_FRAME_LENGTH - 1, 'x')]), 0);
    commands.scan(packet.subarray(0, -4), 0);
    expect(commands.isAtBoundary).toBe(false);
    commands.scan(packet.subarray(-4), 0);
    expect(commands.isAtBoundary).toBe(true);
    expect(commands.commands).toBe(1);
  });

  it('does not take a file for commands, and waits for its end and the answer to it', () => {
    const { tracker, commands, send, answer } = openSession();
    send(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
    answer(infile);
    send(Buffer.concat([Buffer.of(Command.QUIT), Buffer.from('whatever')]), 2);
    // The sequence number of a long file comes round to that of a command.
    send(query('KILL 1'), 0);
    expect(commands.commands).toBe(1);
    send(NOTHING, 3);
    expect(tracker.isBusy).toBe(true);
    answer(ok());
    expect(tracker.isBusy).toBe(false);
    expect(tracker.isLost).toBe(false);
  });

  it('is busy for ever once a file and commands cannot be told apart', () => {
    const ahead = openSession();
    ahead.send(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
    ahead.send(query('SELECT 1'));
    ahead.answer(infile);
    expect(ahead.tracker.isLost).toBe(true);

    const early = openSession();
    early.send(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
    early.answer(infile, err);
    expect(early.tracker.isLost).toBe(true);
    expect(early.tracker.isBusy).toBe(true);
  });

  it('of a replica is never idle', () => {
    const { tracker, send, answer } = openSession();
    send(Buffer.concat([Buffer.of(Command.BINLOG_DUMP), Buffer.alloc(10)]));
    answer(Buffer.concat([Buffer.of(0), Buffer.alloc(40)]), eof());
    expect(tracker.isBusy).toBe(true);
  });

  it('is busy for ever after an unknown command, unless the server refuses it', () => {
    const refused = openSession();
    refused.send(Buffer.of(0x77));
    refused.answer(err);
    expect(refused.tracker.isBusy).toBe(false);

    const answered = openSession();
    answered.send(Buffer.of(0x77));
    answered.answer(ok());
    expect(answered.tracker.isBusy).toBe(true);
    answered.send(query('SELECT 1'));
    answered.answer(ok());
    expect(answered.tracker.isBusy).toBe(true);
  });

  it('is busy for ever after packets that nobody asked for, but for a last error', () => {
    const { tracker, answer } = openSession();
    answer(err);
    expect(tracker.isLost).toBe(false);
    answer(ok());
    expect(tracker.isLost).toBe(true);
  });

  it('expects no answer to what has none', () => {
    const { tracker, send } = openSession();
    for (const command of [Command.STMT_CLOSE, Command.STMT_SEND_LONG_DATA, Command.QUIT])
      send(Buffer.concat([Buffer.of(command), Buffer.alloc(6)]));
    expect(tracker.isBusy).toBe(false);
  });

  it('keeps the answers of many commands sent ahead apart', () => {
    const { tracker, send, answer } = openSession();
    for (let i = 0; i < 1_000; i++) send(query(`DO ${String(i)}`));
    expect(tracker.pendingCount).toBe(1_000);
    for (let i = 0; i < 999; i++) answer(i % 3 === 0 ? err : ok());
    expect(tracker.isBusy).toBe(true);
    answer(ok(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION));
    expect(tracker.isBusy).toBe(false);
    expect(tracker.isInTransaction).toBe(true);
  });
});

describe('commands that have to be looked at', () => {
  it.each([
    ['KILL 7', Stop.INSPECT],
    ['/* x */ KILL 7', Stop.INSPECT],
    [' SELECT 1', Stop.INSPECT],
    ['SELECT 1', Stop.END],
    ['UPDATE t SET a = 1', Stop.END],
  ])('%j stops the scan: %d', (sql, stop) => {
    const { commands, send } = openSession();
    expect(send(query(sql))).toBe(stop);
    expect(commands.stoppedAt).toBe(stop === Stop.INSPECT ? 0 : sql.length + 5);
  });

  it('are looked at one by one among others', () => {
    const { commands, tracker } = openSession();
    const parts = [query('SELECT 1'), query('KILL 7'), Buffer.of(Command.PING)].map((payload) =>
      writePacket(payload, 0),
    );
    const chunk = Buffer.concat(parts);
    expect(commands.scan(chunk, 0)).toBe(Stop.INSPECT);
    expect(commands.stoppedAt).toBe(parts[0]!.length);
    commands.inspected(Command.QUERY, 0);
    expect(commands.scan(chunk, parts[0]!.length + parts[1]!.length)).toBe(Stop.END);
    expect({ pings: commands.pings, commands: commands.commands, pending: tracker.pendingCount }).toEqual({
      pings: 1,
      commands: 2,
      pending: 3,
    });
  });

  it('and those cut before their first bytes are not passed', () => {
    const packet = writePacket(query('SELECT 1'), 0);
    for (const length of [1, 3, 4, 5]) {
      const { commands, tracker } = openSession();
      expect(commands.scan(packet.subarray(0, length), 0)).toBe(Stop.CUT);
      expect(commands.stoppedAt).toBe(0);
      expect(tracker.isBusy).toBe(false);
    }
    const { commands, tracker } = openSession();
    expect(commands.scan(packet.subarray(0, 6), 0)).toBe(Stop.END);
    expect(tracker.isBusy).toBe(true);
    expect(commands.isAtBoundary).toBe(false);
  });
});
