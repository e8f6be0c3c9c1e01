import { malformed } from '../malformed.ts';
import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';

export const OK_HEADER = 0x00;

/** https://mariadb.com/kb/en/ok_packet/ */
export interface Ok {
  readonly affectedRows: number;
  readonly lastInsertId: number;
  readonly status: number;
  readonly warnings: number;
  /** Message and session tracking, as they came. */
  readonly rest: Buffer;
}

/** Also reads the one with header 0xfe that ends rows under DEPRECATE_EOF. */
export function readOk(payload: Buffer): Ok {
  const reader = new PayloadReader(payload);
  const header = reader.uint8();
  if (header !== OK_HEADER && header !== 0xfe) throw malformed(`header ${header} in an OK`);
  return {
    affectedRows: reader.lengthEncodedInteger(),
    lastInsertId: reader.lengthEncodedInteger(),
    status: reader.uint16(),
    warnings: reader.uint16(),
    rest: reader.rest(),
  };
}

/** The same OK with this message in place of its own. What the session tracker says behind it stays. */
export function replaceOkMessage(payload: Buffer, message: Buffer): Buffer {
  const ok = readOk(payload);
  const reader = new PayloadReader(ok.rest);
  if (reader.remaining > 0) reader.lengthEncodedBytes();
  const rest = new PayloadWriter().lengthEncodedBytes(message).bytes(reader.rest()).build();
  return writeOk({ ...ok, rest });
}

export function writeOk(ok: Ok): Buffer {
  return new PayloadWriter()
    .uint8(OK_HEADER)
    .lengthEncodedInteger(ok.affectedRows)
    .lengthEncodedInteger(ok.lastInsertId)
    .uint16(ok.status)
    .uint16(ok.warnings)
    .bytes(ok.rest)
    .build();
}
