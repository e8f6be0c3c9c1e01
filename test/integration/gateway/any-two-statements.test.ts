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
 * A script that goes through what a session can have, in two databases that are the same: once on a connection to the
 * server, once through the gateway with a suspend forced between any two statements. Either both are told the same, or
 * the suspend was refused with a reason.
 */
let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer();
  await prepareTwins(over);
});

afterAll(() => over[Symbol.asyncDispose]());

interface Outcome {
  readonly differences: string[];
  readonly pins: Map<string, number>;
  parked: number;
}

async function runBoth(script: readonly string[]): Promise<Outcome> {
  await using direct = disposable(await connect(over.server.port, 'direct'));
  await using through = disposable(await connect(over.port, 'through'));
  const outcome: Outcome = { differences: [], pins: new Map(), parked: 0 };
  for (const sql of script) {
    const expected = await tell(direct.connection, sql, 'direct');
    const told = await tell(through.connection, sql, 'through');
    if (told !== expected) outcome.differences.push(`${sql}\n  direct:  ${expected}\n  through: ${told}`);
    const blockers = await over.parkSessions();
    const reason = blockers[0]?.why ?? blockers[0]?.kind;
    if (reason === undefined) outcome.parked += 1;
    else outcome.pins.set(reason, (outcome.pins.get(reason) ?? 0) + 1);
  }
  return outcome;
}

describe('a script of several hundred statements with a suspend between any two', () => {
  it('is told the same as without, whatever state the session has', async () => {
    const script = STATES.filter((sql) => !sql.includes('temporary')).flatMap((sql) => [sql, PROBE]);
    const { differences, pins, parked } = await runBoth(script);
    expect(differences).toEqual([]);
    expect([...pins]).toEqual([]);
    expect(parked).toBe(script.length);
  });

  it('is told the same of what each statement leaves', async () => {
    const { differences, pins, parked } = await runBoth(QUESTIONS);
    expect(differences).toEqual([]);
    expect([...pins.keys()]).toEqual(['asked for its CONNECTION_ID() as a part of a statement']);
    expect(parked).toBeGreaterThan(20);
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

  it('is told the same when the server really stops in between', async () => {
    await using through = disposable(await connect(over.port, 'through'));
    const { connection } = through;
    const script = STATES.slice(0, 4).flatMap((sql) => [sql, PROBE]);
    for (const sql of script) {
      const before = await tell(connection, sql, 'through');
      expect(await over.park()).toEqual([]);
      if (sql === PROBE) expect(await tell(connection, sql, 'through')).toBe(before);
    }
  });

  it('pins what a procedure hides', async () => {
    const { pins, differences } = await runBoth(['CALL temporary()', 'SELECT * FROM hidden']);
    expect(differences).toEqual([]);
    expect([...pins]).toEqual([['holds a temporary table, or did', 2]]);
  });
});
