import { crc32 } from 'node:zlib';

import { DozeError } from '../../errors/index.ts';
import type { SqlConnection, SqlValue } from '../../sql/index.ts';

/** What a table holds, as both sides can work it out. */
export interface Contents {
  readonly rows: number;
  /** CRC-32 of every row's text, summed up. */
  readonly checksum: string;
}

interface Order {
  readonly id: number;
  readonly customer: string;
  readonly cents: number;
}

const ROWS_PER_INSERT = 500;
const CREATE_TABLE =
  'CREATE TABLE orders (id INT PRIMARY KEY, customer VARCHAR(40) NOT NULL, cents INT NOT NULL) ENGINE=InnoDB';
const READ_CONTENTS =
  "SELECT COUNT(*) AS found, CAST(COALESCE(SUM(CRC32(CONCAT_WS(':', id, customer, cents))), 0) AS CHAR) AS checksum FROM orders";

/** Creates the table and fills it in one transaction. @returns what must be in it from now on. */
export async function writeOrders(connection: SqlConnection, count: number): Promise<Contents> {
  await connection.queryRows(CREATE_TABLE);
  await connection.queryRows('START TRANSACTION');
  let checksum = 0n;
  for (let first = 1; first <= count; first += ROWS_PER_INSERT) {
    const orders = Array.from({ length: Math.min(ROWS_PER_INSERT, count - first + 1) }, (_, index) =>
      orderOf(first + index),
    );
    const values: SqlValue[] = orders.flatMap(({ id, customer, cents }) => [id, customer, cents]);
    const places = orders.map(() => '(?, ?, ?)').join(', ');
    await connection.queryRows(`INSERT INTO orders (id, customer, cents) VALUES ${places}`, values);
    for (const order of orders) checksum += BigInt(crc32(textOf(order)));
  }
  await connection.queryRows('COMMIT');
  return { rows: count, checksum: String(checksum) };
}

export async function readContents(connection: SqlConnection): Promise<Contents> {
  const [row] = await connection.queryRows(READ_CONTENTS);
  return { rows: Number(row?.['found']), checksum: String(row?.['checksum']) };
}

/** @throws DEMO_FAILED when a row is missing or different */
export function requireSame(found: Contents, expected: Contents, when: string): void {
  if (found.rows === expected.rows && found.checksum === expected.checksum) return;
  throw new DozeError(
    'DEMO_FAILED',
    `${when} the table holds ${found.rows} rows with checksum ${found.checksum}, and not the ${expected.rows} rows ` +
      `with checksum ${expected.checksum} that were written`,
    { details: { found, expected } },
  );
}

function orderOf(id: number): Order {
  return { id, customer: `customer-${(id * 7919) % 997}`, cents: (id * 104_729) % 100_000 };
}

function textOf({ id, customer, cents }: Order): string {
  return `${id}:${customer}:${cents}`;
}
