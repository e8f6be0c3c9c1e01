import { HEADER_LENGTH, MAX_FRAME_LENGTH } from './frames.ts';
import { PREFIX_LENGTH, type ResponseTracker } from './response-tracker.ts';

const NOTHING = new Uint8Array(0);

/**
 * Finds the packets in what a server sends, chunk by chunk, and shows each one's beginning to the tracker. Copies
 * nothing but the first bytes of a packet that a chunk's end cuts.
 */
export class ResponseScanner {
  /** Sequence number of the last frame seen. */
  sequence = 0;
  /**
   * Bytes at the end of the last chunk that were not looked at, as a packet's beginning is cut there: to be shown again
   * with what follows. Zero unless `keepsCuts` is false.
   */
  unseenLength = 0;
  /** False: packets may be changed on their way, so no byte of them goes on before all that may be changed is there. */
  keepsCuts = true;

  private readonly tracker: ResponseTracker;
  /** Payload bytes still to come of the frame under way. */
  private toSkip = 0;
  private isContinuation = false;
  /** Nothing before the first one. */
  private cut = NOTHING;
  private cutLength = 0;

  constructor(tracker: ResponseTracker) {
    this.tracker = tracker;
  }

  /** Whether the last byte seen was the last of a packet. */
  get isAtBoundary(): boolean {
    return this.toSkip === 0 && this.cutLength === 0 && this.unseenLength === 0 && !this.isContinuation;
  }

  scan(chunk: Uint8Array): void {
    this.unseenLength = 0;
    const end = chunk.length;
    let at = this.cutLength > 0 ? this.completeCut(chunk) : 0;
    at += this.skip(end - at);
    const tracker = this.tracker;
    while (at < end) {
      const available = end - at;
      if (available < HEADER_LENGTH) {
        this.cutAt(chunk, at);
        return;
      }
      const length = chunk[at]! | (chunk[at + 1]! << 8) | (chunk[at + 2]! << 16);
      // Rows, of which there may be millions: those that are neither an end nor an error (0xfe, 0xff), nor cut.
      if (
        tracker.isInRows &&
        available > HEADER_LENGTH &&
        chunk[at + 4]! < 0xfe &&
        length < MAX_FRAME_LENGTH &&
        length > 0 &&
        !this.isContinuation
      ) {
        this.sequence = chunk[at + 3]!;
        at += HEADER_LENGTH + length;
        if (at > end) this.toSkip = at - end;
        continue;
      }
      const needed = length < PREFIX_LENGTH ? length : PREFIX_LENGTH;
      if (available < HEADER_LENGTH + needed) {
        this.cutAt(chunk, at);
        return;
      }
      this.frameReceived(chunk, at, length);
      at += HEADER_LENGTH + length;
      if (at > end) this.toSkip = at - end;
    }
  }

  private frameReceived(buffer: Uint8Array, at: number, length: number): void {
    this.sequence = buffer[at + 3]!;
    if (!this.isContinuation) this.tracker.packetReceived(buffer, at + HEADER_LENGTH, length);
    this.isContinuation = length === MAX_FRAME_LENGTH;
  }

  private skip(available: number): number {
    const skipped = Math.min(this.toSkip, available);
    this.toSkip -= skipped;
    return skipped;
  }

  private cutAt(chunk: Uint8Array, at: number): void {
    if (!this.keepsCuts) {
      this.unseenLength = chunk.length - at;
      return;
    }
    if (this.cut.length === 0) this.cut = new Uint8Array(HEADER_LENGTH + PREFIX_LENGTH);
    this.cut.set(at === 0 ? chunk : chunk.subarray(at));
    this.cutLength = chunk.length - at;
  }

  /** @returns where in the chunk the bytes begin that were not needed. */
  private completeCut(chunk: Uint8Array): number {
    let at = 0;
    const fill = (wanted: number): boolean => {
      while (this.cutLength < wanted && at < chunk.length) this.cut[this.cutLength++] = chunk[at++]!;
      return this.cutLength >= wanted;
    };
    if (!fill(HEADER_LENGTH)) return at;
    const length = this.cut[0]! | (this.cut[1]! << 8) | (this.cut[2]! << 16);
    const needed = Math.min(length, PREFIX_LENGTH);
    if (!fill(HEADER_LENGTH + needed)) return at;
    this.cutLength = 0;
    this.frameReceived(this.cut, 0, length);
    this.toSkip = length - needed;
    return at;
  }
}
