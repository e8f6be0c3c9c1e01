/** A window of time, and whose part of it. */
export interface SegmentFilter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly project?: string;
  readonly computeId?: string;
  readonly computeName?: string;
}

/** Whose, of computes `c`, as a condition. */
export function whose(filter: SegmentFilter): string {
  const conditions = [
    ...(filter.project === undefined ? [] : ['c.project = :project']),
    ...(filter.computeId === undefined ? [] : ['c.id = :computeId']),
    ...(filter.computeName === undefined ? [] : ['c.name = :computeName']),
  ];
  return conditions.length === 0 ? 'TRUE' : conditions.join(' AND ');
}
