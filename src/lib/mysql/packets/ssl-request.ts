import { Capability } from '../capabilities.ts';
import { SSL_REQUEST_LENGTH } from './handshake-response.ts';

/** A handshake response cut before the user name: TLS begins right after it. */
export function isSslRequest(payload: Buffer): boolean {
  return payload.length === SSL_REQUEST_LENGTH && (payload.readUInt16LE(0) & Capability.SSL) !== 0;
}
