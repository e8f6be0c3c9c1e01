import { DozeError } from '../errors/index.ts';

/** What the other side sent is not the protocol. */
export function malformed(what: string): DozeError {
  return new DozeError('PROTOCOL_ERROR', `malformed packet: ${what}`);
}
