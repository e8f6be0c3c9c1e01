import { Capability, ExtendedCapability, has, hasExtended, type Capabilities } from './capabilities.ts';
import { MAX_FRAME_LENGTH } from './frames.ts';
import { malformed } from './malformed.ts';
import { EOF_HEADER, EOF_LENGTH_LIMIT } from './packets/eof.ts';
import { ERR_HEADER, PROGRESS_ERRNO, readErr, type Err } from './packets/err.ts';
import { OK_HEADER } from './packets/ok.ts';
import { PayloadReader } from './payload-reader.ts';

/** One row of a text result: bytes as the server sent them, null for NULL. */
export type TextRow = readonly (Buffer | null)[];

/** What one statement without a second result was answered with. */
export type TextAnswer =
  | { readonly kind: 'rows'; readonly rows: readonly TextRow[] }
  | { readonly kind: 'ok'; readonly payload: Buffer }
  | { readonly kind: 'err'; readonly err: Err };

const NULL_VALUE = 0xfb;

/**
 * Puts the answer to one COM_QUERY together, packet by packet, whatever was negotiated on its connection.
 * https://mariadb.com/kb/en/result-set-packets/
 */
export class TextResultReader {
  private readonly hasEofs: boolean;
  private readonly hasMetadataFlag: boolean;
  private readonly maxLength: number;
  private readonly rows: TextRow[] = [];
  private columns = 0;
  /** Packets to come before the first row; -1 until the answer's first packet. */
  private toSkip = -1;
  private length = 0;

  /** Holds `maxLength` bytes at most. */
  constructor(capabilities: Capabilities, maxLength: number) {
    this.hasEofs = !has(capabilities, Capability.DEPRECATE_EOF);
    this.hasMetadataFlag = hasExtended(capabilities, ExtendedCapability.CACHE_METADATA);
    this.maxLength = maxLength;
  }

  /** @returns the answer with its last packet, null before. @throws PROTOCOL_ERROR for what is no such answer */
  push(payload: Buffer): TextAnswer | null {
    this.length += payload.length;
    if (this.length > this.maxLength) throw malformed(`a result of more than ${this.maxLength} bytes`);
    if (payload[0] === ERR_HEADER) {
      const err = readErr(payload);
      return err.errno === PROGRESS_ERRNO ? null : { kind: 'err', err };
    }
    if (this.toSkip === -1) return this.begin(payload);
    if (this.toSkip > 0) {
      this.toSkip -= 1;
      return null;
    }
    if (payload[0] === EOF_HEADER && payload.length < (this.hasEofs ? EOF_LENGTH_LIMIT : MAX_FRAME_LENGTH))
      return { kind: 'rows', rows: this.rows };
    this.rows.push(readRow(payload, this.columns));
    return null;
  }

  private begin(payload: Buffer): TextAnswer | null {
    if (payload[0] === OK_HEADER) return { kind: 'ok', payload };
    const reader = new PayloadReader(payload);
    this.columns = reader.lengthEncodedInteger();
    const hasDefinitions = !this.hasMetadataFlag || reader.uint8() !== 0;
    this.toSkip = (hasDefinitions ? this.columns : 0) + (this.hasEofs ? 1 : 0);
    return null;
  }
}

function readRow(payload: Buffer, columns: number): TextRow {
  const reader = new PayloadReader(payload);
  const row: (Buffer | null)[] = [];
  let offset = 0;
  while (row.length < columns) {
    if (payload[offset] === NULL_VALUE) {
      reader.skip(1);
      row.push(null);
    } else {
      row.push(reader.lengthEncodedBytes());
    }
    offset = payload.length - reader.remaining;
  }
  if (reader.remaining > 0) throw malformed(`a row of more than ${columns} columns`);
  return row;
}
