/** When what happened to a session; all monotonic. */
export class SessionTimes {
  /** Since when it is busy, or was the last time. */
  busySinceMs: number;
  /** Since when its transaction is open, or was the last time. */
  transactionSinceMs: number;
  /** Since when it has no connection to the server, or had none the last time. */
  parkedSinceMs: number;
  /** Of its last command, pings excepted; before the first, of its beginning. */
  lastCommandMs: number;

  constructor(nowMs: number) {
    this.busySinceMs = this.transactionSinceMs = this.parkedSinceMs = this.lastCommandMs = nowMs;
  }
}
