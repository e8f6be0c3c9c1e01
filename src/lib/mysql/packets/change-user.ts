import { malformed } from '../malformed.ts';
import { Command } from '../commands.ts';

/** COM_CHANGE_USER as far as a gateway looks: the user, and the rest as it came. */
export interface ChangeUser {
  readonly user: Buffer;
  readonly rest: Buffer;
}

export function readChangeUser(payload: Buffer): ChangeUser {
  const end = payload.indexOf(0, 1);
  if (payload[0] !== Command.CHANGE_USER || end === -1) throw malformed('no user in a COM_CHANGE_USER');
  return { user: payload.subarray(1, end), rest: payload.subarray(end + 1) };
}

export function writeChangeUser(change: ChangeUser): Buffer {
  return Buffer.concat([Buffer.of(Command.CHANGE_USER), change.user, Buffer.of(0), change.rest]);
}
