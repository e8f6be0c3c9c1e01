import { connect, type SqlConnection } from '../../sql/index.ts';
import type { CacheFacts, CacheState, SqlTarget } from '../engine.ts';

/*
 * The server writes down at its end which pages its buffer pool held, and reads them in again when it is told to: in the order
 * of the files, as fast as it can. Measured on 10.11.19 with 1 CPU and 1.1 GiB of pages on a fast disk, one client with point
 * queries: p99 of its first 1,000 in milliseconds, and seconds until 90 % of the pages were back.
 *
 * |                                             |      p99 |  back |
 * |---------------------------------------------|----------|-------|
 * | nothing but the client's own queries        |  0.3 - 3 | 15-18 |
 * | the server's defaults, from its start on    |     8-12 |  1-2  |
 * | one page at a time, from its start on       |  0.5 - 5 |  4-7  |
 *
 * From its start on also costs the first row 100 ms, for reading the list: so it begins later (control/warm-caches.ts).
 * How many it reads at once cannot be said where the kernel queues them (native AIO: 256 for each thread). Without, it is
 * the number of read threads, which a running server can change since 10.11. With few threads reading ahead is slow, so it
 * has many but for this.
 */
export const READ_THREADS = 16;
const READ_THREADS_WHILE_WARMING = 1;

/** https://mariadb.com/kb/en/innodb-status-variables/#innodb_buffer_pool_load_status: sentences, told by how they begin. */
const SETTINGS_SQL = `SELECT @@GLOBAL.innodb_buffer_pool_dump_at_shutdown AS isKept,
  @@GLOBAL.innodb_buffer_pool_size AS poolBytes`;
const STATUS_SQL = `SHOW GLOBAL STATUS
  WHERE Variable_name IN ('Innodb_buffer_pool_load_status', 'Innodb_buffer_pool_bytes_data')`;
const NOT_BEGUN = /not started|aborted on request/;
const LOADING = /^Load(ing buffer|ed \d)/;

/**
 * The server itself is the record of how far this is, so that the next agent goes on where one died. It begins without
 * writing anything down at its end: one that ends before its cache is back leaves the list of the server before it.
 */
export async function readCache(target: SqlTarget, signal: AbortSignal): Promise<CacheFacts> {
  await using connection = await connect(target, { signal });
  const [settings] = await connection.queryRows(SETTINGS_SQL);
  const rows = await connection.queryRows(STATUS_SQL);
  const values = new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  return {
    state:
      Number(settings?.['isKept']) === 1 ? 'kept' : cacheStateOf(values.get('Innodb_buffer_pool_load_status') ?? ''),
    poolBytes: Number(settings?.['poolBytes']),
    dataBytes: Number(values.get('Innodb_buffer_pool_bytes_data') ?? 0),
  };
}

/** Pure. Of a server that keeps no list yet. One that found none, or one that it cannot read, is as far as it gets. */
export function cacheStateOf(status: string): CacheState {
  if (status === '' || NOT_BEGUN.test(status)) return 'cold';
  return LOADING.test(status) ? 'warming' : 'warmed';
}

export function isLoading(status: string): boolean {
  return LOADING.test(status);
}

export async function beginWarming(target: SqlTarget, signal: AbortSignal): Promise<void> {
  await using connection = await connect(target, { signal });
  await setReadThreads(connection, READ_THREADS_WHILE_WARMING);
  await connection.run('SET GLOBAL innodb_buffer_pool_load_now = ON');
}

/** Who begins again passes over what is there already: 25 ms of CPU for each GiB. */
export async function pauseWarming(target: SqlTarget, signal: AbortSignal): Promise<void> {
  await using connection = await connect(target, { signal });
  await connection.run('SET GLOBAL innodb_buffer_pool_load_abort = ON');
}

/** From now on it writes down what it holds when it ends. */
export async function endWarming(target: SqlTarget, signal: AbortSignal): Promise<void> {
  await using connection = await connect(target, { signal });
  await setReadThreads(connection, READ_THREADS);
  await connection.run('SET GLOBAL innodb_buffer_pool_dump_at_shutdown = ON');
}

/** Before 10.11 it is as the server was started: its cache then comes back faster, and more in the way. */
async function setReadThreads(connection: SqlConnection, count: number): Promise<void> {
  const [row] = await connection.queryRows(
    "SELECT READ_ONLY AS isFixed FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME = 'innodb_read_io_threads'",
  );
  if (row?.['isFixed'] === 'NO') await connection.run(`SET GLOBAL innodb_read_io_threads = ${count}`);
}
