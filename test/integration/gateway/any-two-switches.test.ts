import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  connect,
  disposable,
  PINS,
  prepareTwins,
  PROBE,
  QUESTIONS,
  STATES,
  tell,
} from '../../support/any-statements.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';

/**
 * The script of `any-two-statements`, with one connection to the server for two sessions: between any two statements
 * the other session has it, and leaves all that it can there. Either both are told the same as on connections of their
 * own, or the first one keeps its connection for a reason and the other is turned away.
 */
const WAIT_MS = 100;
/** What must not be seen by the first session. */
const LITTER = [
  "SET NAMES latin1, sql_mode = 'ANSI_QUOTES', time_zone = '-03:00', @i = 'of another', @litter = 1, sql_select_limit = 1",
  'INSERT INTO other.litter VALUES (NULL), (NULL), (NULL)',
  'SELECT SQL_CALC_FOUND_ROWS * FROM other.litter LIMIT 1',
  'USE other',
  "SELECT CAST('x' AS SIGNED)",
  'UPDATE other.litter SET id = id + 1000 ORDER BY id DESC',
];

let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer();
  over.host.connectionPool = { size: 1, waitMs: WAIT_MS, idleMs: 600_000 };
  await prepareTwins(over);
  await over.server.run('CREATE TABLE other.litter (id INT AUTO_INCREMENT PRIMARY KEY)');
});

afterAll(() => over[Symbol.asyncDispose]());

interface Outcome {
  readonly differences: string[];
  readonly pins: Map<string, number>;
  switches: number;
}

async function runBoth(script: readonly string[]): Promise<Outcome> {
  await using direct = disposable(await connect(over.server.port, 'direct'));
  await using through = disposable(await connect(over.port, 'through'));
  const outcome: Outcome = { differences: [], pins: new Map(), switches: 0 };
  let turns = 0;
  for (const sql of script) {
    const expected = await tell(direct.connection, sql, 'direct');
    const told = await tell(through.connection, sql, 'through');
    if (told !== expected) outcome.differences.push(`${sql}\n  direct:  ${expected}\n  through: ${told}`);
    turns += 1;
    const reason = await haveOtherSession(turns);
    if (reason === null) outcome.switches += 1;
    else outcome.pins.set(reason, (outcome.pins.get(reason) ?? 0) + 1);
  }
  return outcome;
}

/** @returns why it did not get the connection */
async function haveOtherSession(turns: number): Promise<string | null> {
  try {
    await using other = disposable(await connect(over.port, 'other'));
    await other.connection.query(LITTER[turns % LITTER.length]!);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ errno: 1040, sqlState: '08004' });
    const pinned = over.gateway.blockers('c1', 'parked').find(({ kind }) => kind !== 'login');
    return pinned?.why ?? pinned?.kind ?? 'none';
  }
}

describe('a script of several hundred statements with another session on the same connection between any two', () => {
  it('is told the same as without, whatever state the session has', async () => {
    const script = STATES.filter((sql) => !sql.includes('temporary')).flatMap((sql) => [sql, PROBE]);
    const { differences, pins, switches } = await runBoth(script);
    expect(differences).toEqual([]);
    expect([...pins]).toEqual([]);
    expect(switches).toBe(script.length);
  });

  it('is told the same of what each statement leaves', async () => {
    const { differences, pins, switches } = await runBoth(QUESTIONS);
    expect(differences).toEqual([]);
    expect([...pins.keys()]).toEqual(['asked for its CONNECTION_ID() as a part of a statement']);
    expect(switches).toBeGreaterThan(20);
  });

  it('is told the same in every state', async () => {
    const some = QUESTIONS.filter((sql) => !sql.includes('CONNECTION_ID'));
    const script = STATES.filter((sql) => !sql.includes('temporary')).flatMap((sql, index) => [
      sql,
      ...[0, 1, 2, 3, 4, 5].map((step) => some[(index * 5 + step) % some.length]!),
    ]);
    const { differences, pins } = await runBoth(script);
    expect(differences).toEqual([]);
    expect([...pins]).toEqual([]);
  });

  it.each(PINS)('is told the same where it pins: %s, …', async (...statements) => {
    const { differences } = await runBoth([...statements, PROBE]);
    expect(differences).toEqual([]);
  });

  it('pins what a procedure hides', async () => {
    const { pins, differences } = await runBoth(['CALL temporary()', 'SELECT * FROM hidden']);
    expect(differences).toEqual([]);
    expect([...pins]).toEqual([['holds a temporary table, or did', 2]]);
  });
});
