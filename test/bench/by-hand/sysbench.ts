import type { SqlTarget } from './first-row.ts';
import { run } from './run.ts';

const TABLE_ROWS = 10_000;

/** Makes the table that point selects read. */
export async function prepareSysbench(target: SqlTarget): Promise<void> {
  await run('sysbench', [...argumentsFor(target), 'prepare']);
}

/** @returns point selects per second */
export async function runPointSelects(target: SqlTarget, threads: number, seconds: number): Promise<number> {
  const limits = [`--threads=${String(threads)}`, `--time=${String(seconds)}`];
  const report = await run('sysbench', [...argumentsFor(target), ...limits, 'run']);
  const rate = /queries:\s+\d+\s+\(([\d.]+) per sec/.exec(report)?.[1];
  if (rate === undefined) throw new Error(`sysbench reported no rate:\n${report}`);
  return Number(rate);
}

/** Makes the table that short transactions read and write. */
export async function prepareTransactions(target: SqlTarget, rows: number): Promise<void> {
  await run('sysbench', [...transactionArguments(target, rows), 'prepare']);
}

/**
 * Transactions of one point select and one update by primary key, as text: four statements each.
 * @returns transactions per second
 */
export async function runTransactions(
  target: SqlTarget,
  load: { readonly rows: number; readonly clients: number; readonly seconds: number },
): Promise<number> {
  const limits = [`--threads=${String(load.clients)}`, `--time=${String(load.seconds)}`];
  const report = await run('sysbench', [...transactionArguments(target, load.rows), ...limits, 'run']);
  const rate = /transactions:\s+\d+\s+\(([\d.]+) per sec/.exec(report)?.[1];
  if (rate === undefined) throw new Error(`sysbench reported no rate:\n${report}`);
  return Number(rate);
}

function transactionArguments(target: SqlTarget, rows: number): readonly string[] {
  const [, ...login] = argumentsFor(target).filter((argument) => !argument.startsWith('--table-size'));
  return [
    'oltp_read_write',
    ...login,
    `--table-size=${String(rows)}`,
    '--db-ps-mode=disable',
    '--point-selects=1',
    '--range-selects=off',
    '--index-updates=1',
    '--non-index-updates=0',
    '--delete-inserts=0',
  ];
}

function argumentsFor({ host, port, user, password, database }: SqlTarget): readonly string[] {
  return [
    'oltp_point_select',
    '--db-driver=mysql',
    `--mysql-host=${host}`,
    `--mysql-port=${String(port)}`,
    `--mysql-user=${user}`,
    `--mysql-password=${password}`,
    `--mysql-db=${database}`,
    `--table-size=${String(TABLE_ROWS)}`,
  ];
}
