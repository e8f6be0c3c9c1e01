const HOUR_MS = 3_600_000;
/** Beyond it no calendar of ours has months. */
const LAST_HOUR = Date.UTC(9999, 0) / HOUR_MS;

/** Rows of one table, from `from` up to before `to`, to be added or taken away. */
export interface SumPart {
  readonly table: 'hours' | 'months';
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
}

/**
 * How hours in [firstWanted, endWanted) are added up with the fewest rows: months as wholes, the hours before the first, and less
 * the hours after the end. There are none of these where the window ends now.
 */
export function planSums(firstWanted: number, endWanted: number): readonly SumPart[] {
  const [fromHour, toHour] = [Math.max(0, firstWanted), Math.min(endWanted, LAST_HOUR)];
  if (fromHour >= toHour) return [];
  const [fromMonth, toMonth] = [monthFrom(fromHour), monthFrom(toHour)];
  if (firstHour(fromMonth) >= toHour) return [{ table: 'hours', from: fromHour, to: toHour, sign: 1 }];
  const parts: readonly SumPart[] = [
    { table: 'hours', from: fromHour, to: firstHour(fromMonth), sign: 1 },
    { table: 'months', from: fromMonth, to: toMonth, sign: 1 },
    { table: 'hours', from: toHour, to: firstHour(toMonth), sign: -1 },
  ];
  return parts.filter(({ from, to }) => from < to);
}

/** The first month that does not begin before this hour, counted from January 1970. */
function monthFrom(hour: number): number {
  const date = new Date(hour * HOUR_MS);
  const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return firstHour(month) === hour ? month : month + 1;
}

function firstHour(month: number): number {
  return Date.UTC(1970, month) / HOUR_MS;
}
