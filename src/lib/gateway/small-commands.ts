import { Command, writeOk, writePacket } from '../mysql/index.ts';

const LENGTH = 5;

/** The whole chunk is one COM_QUIT. */
export function isLoneQuit(chunk: Buffer): boolean {
  return isLone(chunk, Command.QUIT);
}

/** The whole chunk is one COM_PING. */
export function isLonePing(chunk: Buffer): boolean {
  return isLone(chunk, Command.PING);
}

function isLone(chunk: Buffer, command: number): boolean {
  return chunk.length === LENGTH && chunk.readUInt32LE(0) === 1 && chunk[4] === command;
}

/** The server's answer to a command that changes nothing. */
export function plainOk(status: number): Buffer {
  return writePacket(writeOk({ affectedRows: 0, lastInsertId: 0, status, warnings: 0, rest: Buffer.alloc(0) }), 1);
}
