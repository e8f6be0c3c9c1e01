import { DozeError, hasCode } from '../../errors/index.ts';
import { connect, serverErrorOf } from '../../sql/index.ts';
import type { SqlTarget } from '../engine.ts';

/** For statements that change tables without transactions, or tables' definitions, to end. */
const PATIENCE_SECONDS = 10;
const LOCK_WAIT_TIMEOUT = 1205;

/**
 * The stages that the server has for backups, since 10.4.1: what is not under a transaction is flushed and not written
 * from BLOCK_DDL on, and nothing commits from BLOCK_COMMIT on. They end with the connection, whatever becomes of us.
 * https://mariadb.com/kb/en/backup-stage/
 */
const STAGES = ['START', 'FLUSH', 'BLOCK_DDL', 'BLOCK_COMMIT'] as const;

export async function holdWrites(target: SqlTarget, signal: AbortSignal): Promise<AsyncDisposable> {
  const connection = await connect(target, { signal });
  try {
    await connection.queryRows(`SET SESSION lock_wait_timeout = ${PATIENCE_SECONDS}`);
    for (const stage of STAGES) await connection.queryRows(`BACKUP STAGE ${stage}`);
    return connection;
  } catch (error) {
    await connection.close();
    throw serverErrorOf(error)?.errno === LOCK_WAIT_TIMEOUT ? busy(error) : error;
  }
}

function busy(cause: unknown): DozeError {
  const code = 'COMPUTE_BUSY';
  if (hasCode(cause, code)) return cause;
  return new DozeError(code, `a statement that changes tables has not ended within ${PATIENCE_SECONDS} s`, {
    hint: 'try again when it has ended',
    cause,
  });
}
