const SMALL_LENGTH = 2 * 1024;
const LARGE_LENGTH = 64 * 1024;
/** Reads that would have fitted into the small buffer, until the large one is given back. */
const SMALL_READS = 16;

/**
 * The buffer that a socket's bytes are read into, the same one again and again while they are passed on at once.
 * Small for the many idle sessions, large while a long result passes.
 */
export class ReadBuffer {
  current: Buffer = Buffer.allocUnsafeSlow(SMALL_LENGTH);
  private smallReads = 0;

  /** @param isFree whether nobody holds the bytes that were just read. */
  wasRead(length: number, isFree: boolean): void {
    const isFull = length === this.current.length;
    if (!isFree) {
      this.current = Buffer.allocUnsafeSlow(isFull ? LARGE_LENGTH : this.current.length);
    } else if (this.current.length === SMALL_LENGTH) {
      if (isFull) this.current = Buffer.allocUnsafeSlow(LARGE_LENGTH);
    } else if (length > SMALL_LENGTH) {
      this.smallReads = 0;
    } else if (++this.smallReads === SMALL_READS) {
      this.smallReads = 0;
      this.current = Buffer.allocUnsafeSlow(SMALL_LENGTH);
    }
  }
}
