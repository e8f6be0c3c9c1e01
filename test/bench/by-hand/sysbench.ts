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
