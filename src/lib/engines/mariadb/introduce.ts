import { hasCode } from '../../errors/index.ts';
import { connect } from '../../sql/index.ts';
import type { Credentials, Ready, SqlTarget } from '../engine.ts';
import { awaitReady, isPassing, type AwaitReadyDeps } from './await-ready.ts';
import { initSql } from './init-sql.ts';

export async function introduce(
  root: SqlTarget,
  credentials: Credentials,
  deps: AwaitReadyDeps,
  signal: AbortSignal,
): Promise<Ready> {
  const mayPass = (error: unknown): boolean => isPassing(error) || hasCode(error, 'ACCESS_DENIED');
  const ready = await awaitReady(root, deps, signal, mayPass);
  const readyMs = deps.clock.monotonicMs();
  await using connection = await connect(root, { signal, allowsManyStatements: true });
  await connection.run(initSql(credentials));
  return { ...ready, phasesMs: { ...ready.phasesMs, accounts: deps.clock.monotonicMs() - readyMs } };
}
