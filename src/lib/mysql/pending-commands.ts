const NONE = new Uint8Array(0);
const FIRST_LENGTH = 8;

/** Commands sent and not yet answered, oldest first: a ring of response kinds that grows when pipelining does. */
export class PendingCommands {
  /** None before the first command: there may be thousands of sessions that never send one. */
  private ring = NONE;
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(kind: number): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = kind;
    this.count += 1;
  }

  /** The oldest; only to be asked when there is one. */
  first(): number {
    return this.ring[this.head]!;
  }

  shift(): void {
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count -= 1;
  }

  private grow(): void {
    const larger = new Uint8Array(Math.max(FIRST_LENGTH, this.ring.length * 2));
    for (let i = 0; i < this.count; i++) larger[i] = this.ring[(this.head + i) & (this.ring.length - 1)]!;
    this.ring = larger;
    this.head = 0;
  }
}
