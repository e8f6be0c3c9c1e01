const KEPT = 512;

/** What the last few hundred of something took, in milliseconds. */
export class RecentTimes {
  private readonly times = new Float64Array(KEPT);
  private count = 0;
  private longest = 0;

  add(ms: number): void {
    this.times[this.count % KEPT] = ms;
    this.count += 1;
    if (ms > this.longest) this.longest = ms;
  }

  /** Of the last few hundred; `maxMs` and `count` of all. Null before the first. */
  get summary(): { readonly count: number; readonly p50Ms: number; readonly maxMs: number } | null {
    if (this.count === 0) return null;
    const recent = this.times.slice(0, Math.min(this.count, KEPT)).sort();
    return { count: this.count, p50Ms: recent[(recent.length - 1) >> 1] ?? 0, maxMs: this.longest };
  }
}
