import { Capability, has, type Capabilities } from '../capabilities.ts';
import { malformed } from '../malformed.ts';
import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';

/** The client's first packet, HandshakeResponse41. https://mariadb.com/kb/en/connection/#client-handshake-response */
export interface HandshakeResponse {
  readonly capabilities: Capabilities;
  readonly maxPacketLength: number;
  readonly collation: number;
  readonly user: Buffer;
  readonly authResponse: Buffer;
  /** Null unless CONNECT_WITH_DB. */
  readonly database: Buffer | null;
  /** Null unless PLUGIN_AUTH. */
  readonly plugin: string | null;
  /** The attributes as they came, without their total length; null unless CONNECT_ATTRS. */
  readonly attributes: Buffer | null;
}

/** Length of the part that a SSLRequest consists of. */
export const SSL_REQUEST_LENGTH = 32;

/** @throws PROTOCOL_ERROR; also for clients from before 4.1 */
export function readHandshakeResponse(payload: Buffer): HandshakeResponse {
  if (payload.length < SSL_REQUEST_LENGTH || (payload.readUInt16LE(0) & Capability.PROTOCOL_41) === 0) {
    throw malformed('not a handshake response of protocol 4.1');
  }
  const reader = new PayloadReader(payload);
  const base = reader.uint32();
  const maxPacketLength = reader.uint32();
  const collation = reader.uint8();
  reader.skip(19);
  const filler = reader.uint32();
  const capabilities = { base, extended: (base & Capability.MYSQL) === 0 ? filler : 0 };
  return {
    capabilities,
    maxPacketLength,
    collation,
    user: reader.nullTerminatedBytes(),
    authResponse: readAuthResponse(reader, capabilities),
    database:
      has(capabilities, Capability.CONNECT_WITH_DB) && reader.remaining > 0 ? reader.nullTerminatedBytes() : null,
    plugin:
      has(capabilities, Capability.PLUGIN_AUTH) && reader.remaining > 0
        ? reader.nullTerminatedBytes().toString('latin1')
        : null,
    attributes:
      has(capabilities, Capability.CONNECT_ATTRS) && reader.remaining > 0 ? reader.lengthEncodedBytes() : null,
  };
}

function readAuthResponse(reader: PayloadReader, capabilities: Capabilities): Buffer {
  if (has(capabilities, Capability.PLUGIN_AUTH_LENENC)) return reader.lengthEncodedBytes();
  if (has(capabilities, Capability.SECURE_CONNECTION)) return reader.bytes(reader.uint8());
  return reader.nullTerminatedBytes();
}

export function writeHandshakeResponse(response: HandshakeResponse): Buffer {
  const { capabilities } = response;
  const writer = new PayloadWriter()
    .uint32(capabilities.base)
    .uint32(response.maxPacketLength)
    .uint8(response.collation)
    .zeros(19)
    .uint32(capabilities.extended)
    .nullTerminated(response.user);
  writeAuthResponse(writer, response);
  if (has(capabilities, Capability.CONNECT_WITH_DB)) writer.nullTerminated(response.database ?? Buffer.alloc(0));
  if (has(capabilities, Capability.PLUGIN_AUTH)) writer.nullTerminated(response.plugin ?? '');
  if (has(capabilities, Capability.CONNECT_ATTRS)) writer.lengthEncodedBytes(response.attributes ?? Buffer.alloc(0));
  return writer.build();
}

function writeAuthResponse(writer: PayloadWriter, { capabilities, authResponse }: HandshakeResponse): void {
  if (has(capabilities, Capability.PLUGIN_AUTH_LENENC)) writer.lengthEncodedBytes(authResponse);
  else if (has(capabilities, Capability.SECURE_CONNECTION)) writer.uint8(authResponse.length).bytes(authResponse);
  else writer.nullTerminated(authResponse);
}
