import { Capability } from '../capabilities.ts';
import { SSL_REQUEST_LENGTH, writeHandshakeResponse, type HandshakeResponse } from './handshake-response.ts';

/** A handshake response cut before the user name: TLS begins right after it. */
export function isSslRequest(payload: Buffer): boolean {
  return payload.length === SSL_REQUEST_LENGTH && (payload.readUInt16LE(0) & Capability.SSL) !== 0;
}

/** @param response that goes on with SSL among its capabilities, over TLS, with the next sequence number */
export function writeSslRequest(response: HandshakeResponse): Buffer {
  return writeHandshakeResponse(response).subarray(0, SSL_REQUEST_LENGTH);
}
