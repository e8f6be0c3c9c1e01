const SMALL_LENGTH = 2 * 1024;
const LARGE_LENGTH = 64 * 1024;
/** Reads that would have fitted into the small buffer, until the large one is given back. */
const SMALL_READS = 16;

/**
 * The small one, of all sockets together: the kernel fills it and it is emptied before any other socket is read. With one
 * of its own, each of ten thousand idle sessions would hold more in it than in all the rest.
 */
const shared = Buffer.allocUnsafeSlow(SMALL_LENGTH);

/**
 * The buffer that a socket's bytes are read into: small and shared for the many idle sessions, whose few bytes are
 * copied out of it, and large and its own while a long result passes, the same one again and again while its bytes are
 * passed on at once.
 */
export class ReadBuffer {
  current: Buffer = shared;
  private smallReads = 0;

  /** The bytes that were just read. */
  take(length: number): Buffer {
    if (this.current !== shared) return this.current.subarray(0, length);
    const bytes = Buffer.allocUnsafe(length);
    shared.copy(bytes, 0, 0, length);
    return bytes;
  }

  /** @param isFree whether nobody holds the bytes that were just read. */
  wasRead(length: number, isFree: boolean): void {
    if (this.current === shared) {
      if (length === SMALL_LENGTH) this.current = Buffer.allocUnsafeSlow(LARGE_LENGTH);
    } else if (length <= SMALL_LENGTH && ++this.smallReads === SMALL_READS) {
      this.smallReads = 0;
      this.current = shared;
    } else {
      if (length > SMALL_LENGTH) this.smallReads = 0;
      if (!isFree) this.current = Buffer.allocUnsafeSlow(LARGE_LENGTH);
    }
  }
}
