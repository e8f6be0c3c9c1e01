import { DozeError } from '../../errors/index.ts';
import {
  Capability,
  Command,
  has,
  isErr,
  readErr,
  type Capabilities,
  type PreparedStatement,
} from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import type { PacketSocket } from '../packet-socket.ts';
import { converse } from './conversation.ts';

/**
 * Prepares a statement on the connection that its session is on now.
 * @throws SESSION_CLOSED when it is not what it was: a client that goes on with it would read nonsense
 */
export async function prepareAgain(
  link: BackendLink,
  capabilities: Capabilities,
  statement: PreparedStatement,
): Promise<void> {
  const { sql } = statement;
  if (sql === null) throw notTheSame('its text was too long to be kept');
  await converse(link, async (packets) => {
    packets.command(Buffer.concat([Buffer.of(Command.STMT_PREPARE), sql]));
    const { payload } = await packets.read();
    if (isErr(payload)) throw notTheSame(readErr(payload).message);
    const columns = payload.readUInt16LE(5);
    const parameters = payload.readUInt16LE(7);
    await skipDefinitions(packets, capabilities, parameters);
    await skipDefinitions(packets, capabilities, columns);
    if (columns !== statement.columns || parameters !== statement.parameters) throw notTheSame('it has other columns');
    statement.serverId = payload.readUInt32LE(1);
  });
}

async function skipDefinitions(packets: PacketSocket, capabilities: Capabilities, count: number): Promise<void> {
  if (count === 0) return;
  const packetCount = has(capabilities, Capability.DEPRECATE_EOF) ? count : count + 1;
  for (let packet = 0; packet < packetCount; packet++) await packets.read();
}

function notTheSame(why: string): DozeError {
  return new DozeError(
    'SESSION_CLOSED',
    `a prepared statement could not be prepared again after the sleep of its server: ${why}; connect again`,
  );
}
