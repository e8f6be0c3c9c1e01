import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import { replayDiagnostics, takeSnapshot } from '../../../src/lib/mysql/index.ts';
import { ensureDebian13, type Debian13 } from '../../support/environment/debian-13.ts';
import { openSessionConnection, RESULT_CAPABILITIES } from '../../support/session-connection.ts';
import { carryOver, PREPARATION } from '../../support/session-differential.ts';
import { CARRIED_STATEMENTS, PINNING_STATEMENTS, variableStatements } from '../../support/session-statements.ts';
import { ROOT_PASSWORD, startMariaDbServer, type MariaDbServer } from '../../support/mariadb-server.ts';

/** A mark of more than a variable, or of too little memory to look: what readings of them pin. */
const PINNING_VARIABLES =
  /SESSION (?:profiling|sql_auto_is_null|gtid_seq_no|max_session_mem_used|tmp_disk_table_size) /;

let debian13: Debian13;
beforeAll(async () => {
  debian13 = await ensureDebian13();
});

const SERVERS = [
  ['10.11', () => ({})],
  ['11.8', () => ({ program: debian13.server })],
] as const;

describe.each(SERVERS)('on a server of %s', (_line, options) => {
  let server: MariaDbServer;

  beforeAll(async () => {
    server = await startMariaDbServer(options());
    await server.run(
      'USE shop',
      ...PREPARATION,
      "CREATE USER app@'%' IDENTIFIED BY 'secret'",
      "GRANT SELECT, INSERT, EXECUTE ON shop.* TO app@'%'",
      "GRANT seller TO app@'%'",
      'SET DEFAULT ROLE seller FOR app',
      'CREATE PROCEDURE unlogged() SQL SECURITY DEFINER SET SESSION sql_log_bin = 0',
    );
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const root = () => ({
    host: server.host,
    port: server.port,
    user: 'root',
    password: ROOT_PASSWORD,
    database: 'shop',
  });
  const app = () => ({ ...root(), user: 'app', password: 'secret' });

  describe('a session that is carried over', () => {
    it.each(CARRIED_STATEMENTS)('answers as before after %j', async (statement) => {
      const outcome = await carryOver(root(), [statement]);
      if (statement === 'START TRANSACTION')
        expect(outcome).toEqual({ kind: 'pinned', reason: { code: 'transaction' } });
      else expect(outcome).toEqual({ kind: 'carried', differences: [] });
    });

    it('has every variable of the server, at whatever value', async () => {
      await using session = await openSessionConnection(root());
      for (const statement of await variableStatements(session)) {
        const outcome = await carryOver(root(), [statement]);
        const isPinned = PINNING_VARIABLES.test(statement) && outcome.kind === 'pinned';
        if (!isPinned)
          expect({ statement, outcome }).toEqual({ statement, outcome: { kind: 'carried', differences: [] } });
      }
    });

    it('answers as before after any mixture', async () => {
      const statements = CARRIED_STATEMENTS.filter((statement) => statement !== 'START TRANSACTION');
      const mixture = fc.array(fc.constantFrom(...statements), { minLength: 2, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(mixture, async (chosen) => {
          const outcome = await carryOver(root(), chosen);
          // Without autocommit a mere read may leave one open.
          if (outcome.kind === 'pinned') expect(outcome.reason).toEqual({ code: 'transaction' });
          else expect(outcome.differences).toEqual([]);
        }),
        { seed: 5, numRuns: 150 },
      );
    });

    it('keeps an account’s default role away when it was given up', async () => {
      for (const statement of ['SET ROLE NONE', 'SET ROLE seller', 'SELECT 1'])
        expect(await carryOver(app(), [statement])).toEqual({ kind: 'carried', differences: [] });
    });
  });

  describe('a session that cannot be carried over', () => {
    it.each(PINNING_STATEMENTS)('is pinned by %j', async (statement, code) => {
      expect(await carryOver(root(), [statement])).toMatchObject({ kind: 'pinned', reason: { code } });
    });

    it('is one whose account may not set what a procedure set for it', async () => {
      expect(await carryOver(app(), ['CALL unlogged()'])).toEqual({ kind: 'pinned', reason: { code: 'unverified' } });
    });

    it('can be again after COM_RESET_CONNECTION', async () => {
      await using session = await openSessionConnection(root());
      await session.query('CREATE TEMPORARY TABLE tmp (a INT)');
      session.raw.send(Buffer.of(0x1f));
      await session.raw.read();
      const before = session.raw.socket.bytesWritten;
      await session.query('SET @a = 1');
      const sent = session.raw.socket.bytesWritten - before;
      expect(await takeSnapshot(session.query, sent)).toMatchObject({ kind: 'carried' });
    });
  });

  describe('a snapshot', () => {
    it('is the same in all ways in which results are told', async () => {
      for (const capabilities of RESULT_CAPABILITIES) {
        await using session = await openSessionConnection({ ...root(), capabilities });
        await session.query("SET @a = 'x', sort_buffer_size = 100000");
        const outcome = await takeSnapshot(session.query, session.raw.socket.bytesWritten);
        expect(outcome).toMatchObject({
          kind: 'carried',
          snapshot: { database: 'shop', userVariables: [{ name: 'a', value: '78', type: 'VARCHAR' }] },
        });
      }
    });

    it.each(['utf8mb4', 'ucs2', 'latin1', 'NULL'])(
      'has the warnings that SHOW WARNINGS had, when results are in %s',
      async (charset) => {
        await using session = await openSessionConnection(root());
        await session.query(`SET sql_mode = '', character_set_results = ${charset}`);
        await session.query("SELECT CAST('é' AS SIGNED), 1 / 0, CAST('2x' AS SIGNED)");
        const asked = await session.query('SHOW WARNINGS');
        const outcome = await takeSnapshot(session.query, session.raw.socket.bytesWritten);
        if (outcome.kind !== 'carried') throw new Error(outcome.reason.code);
        const replayed = await session.query(replayDiagnostics('show warnings;', outcome.snapshot) ?? '');
        expect(replayed).toEqual(asked);
        expect(asked.length).toBeGreaterThan(1);
      },
    );

    it('has the counts that the statement before it left', async () => {
      await using session = await openSessionConnection(root());
      await session.query('SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1');
      const outcome = await takeSnapshot(session.query, session.raw.socket.bytesWritten);
      if (outcome.kind !== 'carried') throw new Error(outcome.reason.code);
      const [row] = await session.query(replayDiagnostics('SELECT FOUND_ROWS()', outcome.snapshot) ?? '');
      expect(Number(String(row?.[0]))).toBeGreaterThan(1);
      expect(replayDiagnostics('SELECT FOUND_ROWS(), 1', outcome.snapshot)).toBeNull();
    });
  });

  describe('state that hides in a server', () => {
    it('is found in its routines, triggers and views', async () => {
      const engine = createMariaDbEngine({ clock: createSystemClock() });
      const ask = (): Promise<boolean> => engine.mayHideState(root(), AbortSignal.timeout(60_000));
      expect(await ask()).toBe(false);
      await server.run("CREATE VIEW shop.locking AS SELECT GET_LOCK('a', 0)");
      expect(await ask()).toBe(true);
      await server.run('DROP VIEW shop.locking');
    });
  });
});
