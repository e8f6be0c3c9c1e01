import { AGENT_USER } from '../domain/index.ts';
import {
  Command,
  parseKill,
  type KillStatement,
  readChangeUser,
  replaceKillId,
  writeChangeUser,
} from '../mysql/index.ts';
import type { KillOutcome } from './kill-request.ts';

export interface InspectionContext {
  /** The server's id for an id that a client was given, or null when it is none of this compute. */
  backendIdOf(id: number): number | null;
  /** Whether this is a session of the same user and compute that has no connection to the server, and may be ended here. */
  isOwnParked(id: number): boolean;
  endParked(id: number): void;
  /** Whether the id was given to a client of another thread, which has to be asked first. */
  isElsewhere(id: number): boolean;
  killElsewhere(kill: Kill): Promise<KillOutcome>;
  /** What follows the user's own name on the shared port, such as `.shop`; empty on the compute's port. */
  readonly userSuffix: string;
}

/** What a command is to end: a session, or what it does. */
export type Kill = Pick<KillStatement, 'id' | 'endsConnection'>;

/** What another thread said takes the place of what this one would look up. */
export function withOutcome(context: InspectionContext, { isDone, backendId }: KillOutcome): InspectionContext {
  return { ...methodsOf(context), isOwnParked: () => isDone, endParked: () => undefined, backendIdOf: () => backendId };
}

/** While answers are owed no OK can be said for a session that has no server. */
export function withoutParked(context: InspectionContext): InspectionContext {
  return { ...methodsOf(context), isOwnParked: () => false };
}

/** Whatever it is an instance of. */
function methodsOf(context: InspectionContext): InspectionContext {
  return {
    userSuffix: context.userSuffix,
    backendIdOf: (id) => context.backendIdOf(id),
    isOwnParked: (id) => context.isOwnParked(id),
    endParked: (id) => context.endParked(id),
    isElsewhere: (id) => context.isElsewhere(id),
    killElsewhere: (kill) => context.killElsewhere(kill),
  };
}

/** Which session a command is to end; null when it is another command. */
export function killIn(payload: Buffer): Kill | null {
  if (payload[0] === Command.QUERY) return parseKill(payload.subarray(1));
  if (payload[0] !== Command.PROCESS_KILL || payload.length < 5) return null;
  return { id: payload.readUInt32LE(1), endsConnection: true };
}

/** `null`: it is refused. `done`: it does not concern the server, and is answered with an OK. */
export type Inspected = Buffer | 'done' | null;

/** @returns the payload that goes to the server */
export function inspectCommand(payload: Buffer, context: InspectionContext): Inspected {
  switch (payload[0]) {
    case Command.QUERY: {
      const kill = parseKill(payload.subarray(1));
      return kill === null ? payload : (killParked(kill, context) ?? translateKill(payload, kill, context));
    }
    case Command.PROCESS_KILL: {
      const kill = killIn(payload);
      return kill === null ? payload : (killParked(kill, context) ?? translateProcessKill(payload, kill.id, context));
    }
    case Command.CHANGE_USER:
      return changeUser(payload, context);
    default:
      return payload;
  }
}

/** The server has never heard of it, or only of one that had its number before. */
function killParked({ id, endsConnection }: Kill, context: InspectionContext): 'done' | null {
  if (!context.isOwnParked(id)) return null;
  if (endsConnection) context.endParked(id);
  return 'done';
}

function translateKill(payload: Buffer, kill: KillStatement, context: InspectionContext): Buffer {
  const id = context.backendIdOf(kill.id);
  if (id === null) return payload;
  return Buffer.concat([payload.subarray(0, 1), replaceKillId(payload.subarray(1), kill, id)]);
}

function translateProcessKill(payload: Buffer, clientId: number, context: InspectionContext): Buffer {
  const id = context.backendIdOf(clientId);
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
