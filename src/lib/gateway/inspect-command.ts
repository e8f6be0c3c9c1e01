import { AGENT_USER } from '../engines/index.ts';
import { Command, parseKill, readChangeUser, replaceKillId, writeChangeUser } from '../mysql/index.ts';

export interface InspectionContext {
  /** The server's id for an id that a client was given, or null when it is none of this compute. */
  readonly backendIdOf: (id: number) => number | null;
  /** What follows the user's own name on the shared port, such as `.shop`; empty on the compute's port. */
  readonly userSuffix: string;
}

/** @returns the payload that goes to the server; null when the command is refused. */
export function inspectCommand(payload: Buffer, context: InspectionContext): Buffer | null {
  switch (payload[0]) {
    case Command.QUERY:
      return translateKill(payload, context);
    case Command.PROCESS_KILL:
      return translateProcessKill(payload, context);
    case Command.CHANGE_USER:
      return changeUser(payload, context);
    default:
      return payload;
  }
}

function translateKill(payload: Buffer, { backendIdOf }: InspectionContext): Buffer {
  const statement = payload.subarray(1);
  const kill = parseKill(statement);
  const id = kill === null ? null : backendIdOf(kill.id);
  if (kill === null || id === null) return payload;
  return Buffer.concat([payload.subarray(0, 1), replaceKillId(statement, kill, id)]);
}

function translateProcessKill(payload: Buffer, { backendIdOf }: InspectionContext): Buffer {
  if (payload.length < 5) return payload;
  const id = backendIdOf(payload.readUInt32LE(1));
  if (id === null) return payload;
  const translated = Buffer.from(payload);
  translated.writeUInt32LE(id, 1);
  return translated;
}

/** On the shared port the new user is named like the first one, with the compute. */
function changeUser(payload: Buffer, { userSuffix }: InspectionContext): Buffer | null {
  const change = readChangeUser(payload);
  const name = change.user.toString();
  if (!name.endsWith(userSuffix)) return null;
  const user = name.slice(0, name.length - userSuffix.length);
  if (user === AGENT_USER) return null;
  return userSuffix === '' ? payload : writeChangeUser({ ...change, user: Buffer.from(user) });
}
