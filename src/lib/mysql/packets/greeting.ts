import { Capability, type Capabilities } from '../capabilities.ts';
import { malformed } from '../malformed.ts';
import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';

/** Clients strip it. MariaDB 10 puts it before its version, because old replicas take a major above 5 for garbage. */
const REPLICATION_PREFIX = '5.5.5-';
const PROTOCOL_VERSION = 10;
const SCRAMBLE_LENGTH = 20;
const FIRST_PART_LENGTH = 8;

/** The server's first packet, HandshakeV10. https://mariadb.com/kb/en/connection/#initial-handshake-packet */
export interface Greeting {
  /** Without the prefix, such as `10.11.19-MariaDB`. */
  readonly serverVersion: string;
  readonly connectionId: number;
  /** 20 bytes, none of them zero. */
  readonly scramble: Buffer;
  readonly capabilities: Capabilities;
  readonly collation: number;
  readonly status: number;
  readonly plugin: string;
}

export function readGreeting(payload: Buffer): Greeting {
  const reader = new PayloadReader(payload);
  const version = reader.uint8();
  if (version !== PROTOCOL_VERSION) throw malformed(`protocol version ${version} in a greeting`);
  const serverVersion = reader.nullTerminatedBytes().toString('latin1');
  const connectionId = reader.uint32();
  const firstPart = reader.bytes(FIRST_PART_LENGTH);
  reader.skip(1);
  const lower = reader.uint16();
  const collation = reader.uint8();
  const status = reader.uint16();
  const base = (lower | (reader.uint16() << 16)) >>> 0;
  const scrambleLength = reader.uint8();
  reader.skip(6);
  const extended = reader.uint32();
  const secondPart = reader.bytes(
    Math.max(SCRAMBLE_LENGTH - FIRST_PART_LENGTH, scrambleLength - FIRST_PART_LENGTH - 1),
  );
  if (reader.remaining > 0) reader.skip(1);
  return {
    serverVersion: serverVersion.startsWith(REPLICATION_PREFIX)
      ? serverVersion.slice(REPLICATION_PREFIX.length)
      : serverVersion,
    connectionId,
    scramble: Buffer.concat([firstPart, secondPart]),
    capabilities: { base, extended: (base & Capability.MYSQL) === 0 ? extended : 0 },
    collation,
    status,
    plugin: reader.nullTerminatedBytes().toString('latin1'),
  };
}

export function writeGreeting(greeting: Greeting): Buffer {
  const { scramble, capabilities } = greeting;
  return new PayloadWriter()
    .uint8(PROTOCOL_VERSION)
    .nullTerminated(versionOnTheWire(greeting.serverVersion))
    .uint32(greeting.connectionId)
    .bytes(scramble.subarray(0, FIRST_PART_LENGTH))
    .uint8(0)
    .uint16(capabilities.base & 0xffff)
    .uint8(greeting.collation)
    .uint16(greeting.status)
    .uint16(capabilities.base >>> 16)
    .uint8(scramble.length + 1)
    .zeros(6)
    .uint32(capabilities.extended)
    .bytes(scramble.subarray(FIRST_PART_LENGTH))
    .uint8(0)
    .nullTerminated(greeting.plugin)
    .build();
}

function versionOnTheWire(version: string): string {
  return /^10\..*mariadb/i.test(version) ? REPLICATION_PREFIX + version : version;
}
