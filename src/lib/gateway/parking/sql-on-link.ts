import { DozeError } from '../../errors/index.ts';
import { Command, TextResultReader, type Capabilities, type SessionQuery, type TextAnswer } from '../../mysql/index.ts';
import type { PacketSocket } from '../packet-socket.ts';

/** Far more than a session may have to be carried. */
const MAX_RESULT_LENGTH = 2 * 1024 * 1024;

/** Statements on a session's own connection, one after the other, in the form that was negotiated with its client. */
export function createSessionQuery(packets: PacketSocket, capabilities: Capabilities): SessionQuery {
  return async (sql) => {
    packets.command(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]));
    const answer = await readAnswer(packets, capabilities);
    if (answer.kind === 'rows') return answer.rows;
    if (answer.kind === 'ok') return [];
    const { errno, sqlState, message } = answer.err;
    throw new DozeError('SQL_FAILED', message, { details: { errno, sqlState } });
  };
}

async function readAnswer(packets: PacketSocket, capabilities: Capabilities): Promise<TextAnswer> {
  const reader = new TextResultReader(capabilities, MAX_RESULT_LENGTH);
  for (;;) {
    const { payload } = await packets.read();
    const answer = reader.push(payload);
    if (answer !== null) return answer;
  }
}
