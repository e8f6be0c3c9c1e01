import { DozeError } from '../../errors/index.ts';
import { Command, TextResultReader, type Capabilities, type SessionQuery, type TextAnswer } from '../../mysql/index.ts';
import type { PacketSocket } from '../packet-socket.ts';

/** Far more than a session may have to be carried. */
const MAX_RESULT_LENGTH = 2 * 1024 * 1024;

/** Statements on a session's own connection, one after the other, in the form that was negotiated with its client. */
export function createSessionQuery(packets: PacketSocket, capabilities: Capabilities): SessionQuery {
  return async (sql) => {
    const payload = Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
    const answer = await askOnLink(packets, capabilities, payload);
    if (answer.kind === 'rows') return answer.rows;
    if (answer.kind === 'ok') return [];
    const { errno, sqlState, message } = answer.err;
    throw new DozeError('SQL_FAILED', message, { details: { errno, sqlState } });
  };
}

/** One command that is answered as a query is. */
export async function askOnLink(
  packets: PacketSocket,
  capabilities: Capabilities,
  payload: Buffer,
): Promise<TextAnswer> {
  packets.command(payload);
  const reader = new TextResultReader(capabilities, MAX_RESULT_LENGTH);
  for (;;) {
    const { payload } = await packets.read();
    const answer = reader.push(payload);
    if (answer !== null) return answer;
  }
}
