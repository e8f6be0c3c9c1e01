import {
  answerScramble,
  Capability,
  Command,
  has,
  isAuthSwitchRequest,
  NATIVE_PASSWORD,
  OK_HEADER,
  PayloadWriter,
  readAuthSwitchRequest,
  type HandshakeResponse,
} from '../../mysql/index.ts';
import { sentOn, type BackendLink } from '../backend-link.ts';
import type { LoginOutcome } from '../backend-login.ts';
import { converse } from '../parking/conversation.ts';

/** Methods that an account may have before the one that works here. */
const MAX_SWITCHES = 4;

export interface ChangeOutcome extends LoginOutcome {
  /** Bytes sent when the server began to count anew. */
  readonly beganAt: number;
}

/**
 * Logs in anew on a connection that somebody has used: the server checks the account as at a login, and forgets whatever
 * the connection had. https://mariadb.com/kb/en/com_change_user/
 * @throws BACKEND_LOST; after a refusal the server closes the connection
 */
export function changeUser(
  link: BackendLink,
  response: HandshakeResponse,
  stage1: Buffer | null,
): Promise<ChangeOutcome> {
  return converse(link, async (packets) => {
    // Without an answer, as the scramble of the greeting is used up: the server sends another one.
    packets.command(writeChange(response));
    const beganAt = sentOn(link);
    for (let switches = 0; switches <= MAX_SWITCHES; switches++) {
      const { payload } = await packets.read();
      if (!isAuthSwitchRequest(payload)) return { isAccepted: payload[0] === OK_HEADER, payload, beganAt };
      const { plugin, data } = readAuthSwitchRequest(payload);
      packets.write(plugin !== NATIVE_PASSWORD || stage1 === null ? Buffer.alloc(0) : answerScramble(stage1, data));
    }
    const { payload } = await packets.read();
    return { isAccepted: false, payload, beganAt };
  });
}

function writeChange({ capabilities, user, database, collation, attributes }: HandshakeResponse): Buffer {
  const writer = new PayloadWriter()
    .uint8(Command.CHANGE_USER)
    .nullTerminated(user)
    .uint8(0)
    .nullTerminated(database ?? Buffer.alloc(0))
    .uint16(collation);
  if (has(capabilities, Capability.PLUGIN_AUTH)) writer.nullTerminated(NATIVE_PASSWORD);
  if (has(capabilities, Capability.CONNECT_ATTRS)) writer.lengthEncodedBytes(attributes ?? Buffer.alloc(0));
  return writer.build();
}
