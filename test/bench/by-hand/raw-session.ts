import { Command } from '../../../src/lib/mysql/index.ts';
import { CLIENT_CAPABILITIES } from '../../support/gateway-harness.ts';
import { loginRawClient, type RawClient } from '../../support/raw-client.ts';
import type { SqlTarget } from './first-row.ts';

/** A client without a library around it: ten thousand of them fit beside what is measured. */
export function openSession(target: SqlTarget): Promise<RawClient> {
  return loginRawClient({ ...target, capabilities: CLIENT_CAPABILITIES });
}

export function sendQuery(session: RawClient, sql: string): void {
  session.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]));
}

/** A question with one row of one short column for an answer. @returns its value */
export async function askOne(session: RawClient, sql: string): Promise<string> {
  sendQuery(session, sql);
  // The number of columns, the column, the end of columns, the row, the end of rows.
  const packets = [];
  while (packets.length < 5) packets.push(await session.read());
  session.takeBytes();
  return packets[3]!.payload.toString('latin1', 1);
}
