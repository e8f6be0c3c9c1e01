import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';

export const EOF_HEADER = 0xfe;
/** From this length on a packet that begins with 0xfe is a row. */
export const EOF_LENGTH_LIMIT = 9;

/** https://mariadb.com/kb/en/eof_packet/ */
export interface Eof {
  readonly warnings: number;
  readonly status: number;
}

export function isEof(payload: Buffer): boolean {
  return payload[0] === EOF_HEADER && payload.length < EOF_LENGTH_LIMIT;
}

export function readEof(payload: Buffer): Eof {
  const reader = new PayloadReader(payload, 1);
  return { warnings: reader.uint16(), status: reader.uint16() };
}

export function writeEof(eof: Eof): Buffer {
  return new PayloadWriter().uint8(EOF_HEADER).uint16(eof.warnings).uint16(eof.status).build();
}
