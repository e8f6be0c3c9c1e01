import { setTimeout as sleep } from 'node:timers/promises';

import type { Connection } from 'mysql2/promise';

import type { Sample } from '../framework/alternate.ts';
import { summarise } from '../framework/statistics.ts';
import { connectTo, type SqlTarget } from './first-row.ts';
import { startStopwatch } from './stopwatch.ts';

/** A table larger than what is queried of it. */
export interface BulkTable {
  readonly rows: number;
  /** Rows with an id up to this are what clients use. */
  readonly usedRows: number;
}

const ROWS_AT_A_TIME = 50_000;
const FIRST_QUERIES = 1_000;
const POLL_MS = 250;

/** A thousand bytes a row. */
export async function fillBulkTable(target: SqlTarget, { rows }: BulkTable): Promise<void> {
  const connection = await connectTo(target);
  await connection.query('CREATE TABLE bench_bulk (id INT PRIMARY KEY, noise VARBINARY(1000) NOT NULL)');
  for (let from = 1; from <= rows; from += ROWS_AT_A_TIME) {
    const to = Math.min(rows, from + ROWS_AT_A_TIME - 1);
    await connection.query(
      `INSERT INTO bench_bulk SELECT seq, REPEAT(CHAR(65 + seq % 26), 1000) FROM seq_${String(from)}_to_${String(to)}`,
    );
  }
  await connection.end();
}

/** Every row that clients use, once: from then on they are in the server's cache. */
export async function readUsedRows(target: SqlTarget, { usedRows }: BulkTable): Promise<void> {
  const connection = await connectTo(target);
  await connection.query(`SELECT SUM(LENGTH(noise)) FROM bench_bulk WHERE id <= ${String(usedRows)}`);
  await connection.end();
}

export interface Recovery {
  /** Total: p99 of the first queries, in milliseconds; parts: their other figures. */
  readonly first: Sample;
  /** Total: p99 of all queries until then. */
  readonly all: Sample;
  /** Total: from the connection until as many pages are in the server's cache, or the end of patience. */
  readonly back: Sample;
}

export interface BackWhen {
  readonly pages: number;
  readonly patienceMs: number;
}

/** One client after a start: query after query without a pause, each for a row that it picks at random. */
export async function queryUntilWarm(target: SqlTarget, table: BulkTable, until: BackWhen): Promise<Recovery> {
  const connection = await connectTo(target);
  const elapsedMs = startStopwatch();
  const times: number[] = [];
  while (times.length < FIRST_QUERIES) times.push(await queryOnce(connection, table));
  const first = sampleOf(times, 'first 1,000');
  const backMs = await untilBack(target, until, elapsedMs, async () => times.push(await queryOnce(connection, table)));
  await connection.end();
  return { first, all: sampleOf(times, 'until it is back'), back: { total: backMs, parts: {} } };
}

function sampleOf(times: readonly number[], what: string): Sample {
  const { median, p95, p99 } = summarise(times);
  const slowest = times.reduce((most, ms) => Math.max(most, ms), 0);
  return { total: p99, parts: { [`${what}: p50`]: median, [`${what}: p95`]: p95, [`${what}: slowest`]: slowest } };
}

async function queryOnce(connection: Connection, { usedRows }: BulkTable): Promise<number> {
  const id = 1 + Math.floor(Math.random() * usedRows);
  const elapsedMs = startStopwatch();
  await connection.query(`SELECT noise FROM bench_bulk WHERE id = ${String(id)}`);
  return elapsedMs();
}

async function untilBack(
  target: SqlTarget,
  until: BackWhen,
  elapsedMs: () => number,
  query: () => Promise<unknown>,
): Promise<number> {
  const seen = { isOver: false };
  const observing = observe(target, until, elapsedMs).finally(() => (seen.isOver = true));
  while (!seen.isOver) await query();
  return await observing;
}

async function observe(target: SqlTarget, { pages, patienceMs }: BackWhen, elapsedMs: () => number): Promise<number> {
  const connection = await connectTo(target);
  while (elapsedMs() < patienceMs && (await pagesInCache(connection)) < pages) await sleep(POLL_MS);
  await connection.end();
  return Math.min(elapsedMs(), patienceMs);
}

async function pagesInCache(connection: Connection): Promise<number> {
  const sql = "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_data'";
  const [[row]] = (await connection.query(sql)) as unknown as [[{ Value: string }]];
  return Number(row.Value);
}
