/** A window of time, and whose part of it. */
export interface SegmentFilter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly project?: string;
  readonly computeId?: string;
  readonly computeName?: string;
}
