import type { Clock } from '../../clock.ts';
import { hasCode } from '../../errors/index.ts';
import { connect } from '../../sql/index.ts';
import type { Credentials, SqlTarget } from '../engine.ts';
import { awaitReady, isPassing } from './await-ready.ts';
import { initSql } from './init-sql.ts';

export async function introduce(
  root: SqlTarget,
  credentials: Credentials,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly serverVersion: string }> {
  const mayPass = (error: unknown): boolean => isPassing(error) || hasCode(error, 'ACCESS_DENIED');
  const ready = await awaitReady(root, clock, signal, mayPass);
  await using connection = await connect(root, { signal, allowsManyStatements: true });
  await connection.run(initSql(credentials));
  return ready;
}
