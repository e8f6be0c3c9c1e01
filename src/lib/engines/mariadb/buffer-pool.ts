import type { Clock } from '../../clock.ts';
import { memoryBytes } from '../../domain/index.ts';
import { DozeError, hasCode } from '../../errors/index.ts';
import { connect, type SqlConnection } from '../../sql/index.ts';
import type { ServerLoad, SqlTarget } from '../engine.ts';
import { maxConnections } from './server-arguments.ts';

const POLL_MS = 100;
/** A pool is resized in chunks, the largest of which are 128 MiB: what is off by less is as asked. */
const CHUNK_BYTES = 128 * 1024 ** 2;
const COUNTERS = {
  dataBytes: 'Innodb_buffer_pool_bytes_data',
  requests: 'Innodb_buffer_pool_read_requests',
  misses: 'Innodb_buffer_pool_reads',
} as const;

/** The other half is for connections, sorts and temporary tables. */
export function bufferPoolBytes(cu: number): number {
  return memoryBytes(cu) / 2;
}

export async function readLoad(target: SqlTarget, signal: AbortSignal): Promise<ServerLoad> {
  await using connection = await connect(target, { signal });
  const poolBytes = await readPoolBytes(connection);
  const names = Object.values(COUNTERS).map((name) => `'${name}'`);
  const rows = await connection.queryRows(`SHOW GLOBAL STATUS WHERE Variable_name IN (${names.join(', ')})`);
  const values = new Map(rows.map((row) => [row['Variable_name'], Number(row['Value'])]));
  const read = (name: keyof typeof COUNTERS): number => values.get(COUNTERS[name]) ?? 0;
  return { poolBytes, dataBytes: read('dataBytes'), requests: read('requests'), misses: read('misses') };
}

/**
 * What follows from the size in a server that runs. The first time after a start it is the growth to its size. Since 10.11.12 and 11.4.6 the SET is through when it returns, and is
 * refused when the pages in use do not fit; before, it only begins, and the status variable says when it is done.
 */
export async function resizeServer(target: SqlTarget, cu: number, clock: Clock, signal: AbortSignal): Promise<void> {
  await using connection = await connect(target, { signal });
  const wanted = bufferPoolBytes(cu);
  try {
    await connection.run(`SET GLOBAL innodb_buffer_pool_size = ${wanted}`);
    await connection.run(`SET GLOBAL max_connections = ${maxConnections(cu)}`);
  } catch (error) {
    if (hasCode(error, 'SQL_FAILED')) throw refused(error.message, error);
    throw error;
  }
  while (await isResizing(connection)) await clock.sleep(POLL_MS, signal);
  const reached = await readPoolBytes(connection);
  if (Math.abs(reached - wanted) < CHUNK_BYTES) return;
  throw refused(`its buffer pool stays at ${reached / 1024 ** 2} MiB instead of ${wanted / 1024 ** 2} MiB`);
}

/** https://mariadb.com/kb/en/innodb-status-variables/: a sentence that begins so once it is through; empty if there is nothing to tell. */
async function isResizing(connection: SqlConnection): Promise<boolean> {
  const [row] = await connection.queryRows("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_resize_status'");
  const status = row === undefined ? '' : String(row['Value']);
  return status !== '' && !/^(Completed|Size did not change)/.test(status);
}

async function readPoolBytes(connection: SqlConnection): Promise<number> {
  const [row] = await connection.queryRows('SELECT @@GLOBAL.innodb_buffer_pool_size AS bytes');
  return Number(row?.['bytes']);
}

function refused(why: string, cause?: unknown): DozeError {
  return new DozeError('RESIZE_REFUSED', `the server did not take another size: ${why}`, { cause });
}
