import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';

import type { Sample } from '../framework/alternate.ts';
import { startStopwatch } from './stopwatch.ts';

export interface SqlTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const ROWS = 1_000;
const ROW_SQL = 'SELECT note FROM bench_row WHERE id = 1';
/** Longer than any wake: a client that gives up measures its own patience. */
const CONNECT_TIMEOUT_MS = 120_000;

export function connectTo({ host, port, user, password, database }: SqlTarget): Promise<Connection> {
  return createConnection({ host, port, user, password, database, connectTimeout: CONNECT_TIMEOUT_MS });
}

/** What the first row is read from. */
export async function writeRows(target: SqlTarget): Promise<void> {
  const connection = await connectTo(target);
  await connection.query('CREATE TABLE IF NOT EXISTS bench_row (id INT PRIMARY KEY, note VARCHAR(100) NOT NULL)');
  await connection.query(`INSERT IGNORE INTO bench_row SELECT seq, REPEAT('x', 100) FROM seq_1_to_${String(ROWS)}`);
  await connection.end();
}

/** Connects, logs in, reads one row and leaves: the same program on both sides of every ratio. */
export async function readFirstRow(target: SqlTarget, sql = ROW_SQL): Promise<Sample> {
  const elapsedMs = startStopwatch();
  const connection = await connectTo(target);
  const connectedMs = elapsedMs();
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  const totalMs = elapsedMs();
  if (rows.length !== 1) throw new Error(`one row was expected and ${String(rows.length)} came`);
  await connection.end();
  return {
    total: totalMs,
    parts: { 'client: connected and logged in': connectedMs, 'client: first row after that': totalMs - connectedMs },
  };
}
