import { malformed } from '../malformed.ts';
import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';

export const ERR_HEADER = 0xff;
/** As an errno it says that this is no error but a progress report. */
export const PROGRESS_ERRNO = 0xffff;
const STATE_MARKER = '#'.charCodeAt(0);
const STATE_LENGTH = 5;

/** https://mariadb.com/kb/en/err_packet/ */
export interface Err {
  readonly errno: number;
  /** `HY000` when the server left it out, as it does before the handshake. */
  readonly sqlState: string;
  readonly message: string;
}

export function isErr(payload: Buffer): boolean {
  return payload[0] === ERR_HEADER;
}

export function readErr(payload: Buffer): Err {
  const reader = new PayloadReader(payload);
  if (reader.uint8() !== ERR_HEADER) throw malformed('no error where one was expected');
  const errno = reader.uint16();
  const text = reader.rest();
  if (text[0] !== STATE_MARKER || text.length <= STATE_LENGTH)
    return { errno, sqlState: 'HY000', message: text.toString() };
  return {
    errno,
    sqlState: text.toString('latin1', 1, 1 + STATE_LENGTH),
    message: text.toString('utf8', 1 + STATE_LENGTH),
  };
}

export function writeErr(err: Err): Buffer {
  return new PayloadWriter()
    .uint8(ERR_HEADER)
    .uint16(err.errno)
    .bytes(Buffer.from(`#${err.sqlState}${err.message}`))
    .build();
}
