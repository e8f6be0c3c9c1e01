import { Capability, Command, OK_HEADER, readErr, type Capabilities } from '../../../src/lib/mysql/index.ts';
import { loginRawClient, type RawClient } from '../../support/raw-client.ts';
import { loginRawTlsClient } from '../../support/raw-tls-client.ts';
import type { SqlTarget } from './first-row.ts';

/** As drivers of today have it, with session tracking. */
const FLAGS: readonly (keyof typeof Capability)[] = [
  ...(['MYSQL', 'LONG_FLAG', 'CONNECT_WITH_DB', 'PROTOCOL_41', 'TRANSACTIONS', 'SECURE_CONNECTION'] as const),
  ...(['MULTI_STATEMENTS', 'MULTI_RESULTS', 'PS_MULTI_RESULTS', 'PLUGIN_AUTH'] as const),
  ...(['SESSION_TRACK', 'DEPRECATE_EOF'] as const),
];
export const CAPABILITIES: Capabilities = {
  base: FLAGS.reduce((base, flag) => base | Capability[flag], 0),
  extended: 0,
};

/** A client without a library around it: ten thousand of them fit beside what is measured. */
export function openSession(target: SqlTarget): Promise<RawClient> {
  return loginRawClient({ ...target, capabilities: CAPABILITIES });
}

/** The same over TLS. */
export async function openSecureSession(target: SqlTarget): Promise<RawClient> {
  const client = await loginRawTlsClient({ ...target, capabilities: CAPABILITIES });
  const ok = await client.read();
  if (ok[0] !== OK_HEADER) throw new Error(`refused: ${readErr(ok).message}`);
  return {
    socket: client.tls,
    greeting: client.greeting,
    takeBytes: () => Buffer.alloc(0),
    read: async () => ({ payload: await client.read(), sequence: 0 }),
    send: client.send,
    [Symbol.asyncDispose]: () => Promise.resolve(client[Symbol.asyncDispose]()),
  };
}

export function sendQuery(session: RawClient, sql: string): void {
  session.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]));
}

/** A question with one row of one short column for an answer. @returns its value */
export async function askOne(session: RawClient, sql: string): Promise<string> {
  sendQuery(session, sql);
  // The number of columns, the column, the row, the end.
  const packets = [];
  while (packets.length < 4) packets.push(await session.read());
  session.takeBytes();
  return packets[2]!.payload.toString('latin1', 1);
}
