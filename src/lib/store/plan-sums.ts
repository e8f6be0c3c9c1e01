const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** Beyond it no calendar of ours has months. */
const LAST_HOUR = Date.UTC(9999, 0) / HOUR_MS;

/** Rows of one table, from `from` up to before `to`, to be added or taken away. */
export interface SumPart {
  readonly table: 'hours' | 'days' | 'months';
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
}

/**
 * How hours in [firstWanted, endWanted) are added up with few rows: months as wholes, what is before the first, and less what is
 * after the end. There is nothing after the end where that is now.
 */
export function planSums(firstWanted: number, endWanted: number): readonly SumPart[] {
  const [fromHour, toHour] = clamp(firstWanted, endWanted);
  if (fromHour >= toHour) return [];
  const [fromMonth, toMonth] = [monthFrom(fromHour), monthFrom(toHour)];
  if (firstHour(fromMonth) >= toHour) return planDays(fromHour, toHour);
  return [
    ...planDays(fromHour, firstHour(fromMonth)),
    { table: 'months', from: fromMonth, to: toMonth, sign: 1 },
    ...planDays(toHour, firstHour(toMonth), -1),
  ];
}

/** By days as wholes, and hours at the ends. */
export function planDays(firstWanted: number, endWanted: number, sign: 1 | -1 = 1): readonly SumPart[] {
  const [fromHour, toHour] = clamp(firstWanted, endWanted);
  const [fromDay, toDay] = [Math.ceil(fromHour / DAY_HOURS), Math.floor(toHour / DAY_HOURS)];
  const parts: readonly SumPart[] =
    fromDay < toDay
      ? [
          { table: 'hours', from: fromHour, to: fromDay * DAY_HOURS, sign },
          { table: 'days', from: fromDay, to: toDay, sign },
          { table: 'hours', from: toDay * DAY_HOURS, to: toHour, sign },
        ]
      : [{ table: 'hours', from: fromHour, to: toHour, sign }];
  return parts.filter(({ from, to }) => from < to);
}

function clamp(fromHour: number, toHour: number): [number, number] {
  return [Math.max(0, fromHour), Math.min(toHour, LAST_HOUR)];
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
