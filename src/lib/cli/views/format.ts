/** Writes bytes for people: `1.5 GiB`, `82 MiB`, `512 B`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[unit] ?? 'B'}`;
}

/** `1,000` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number and what it counts: `1 wake`, `2 wakes`. */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Seconds to the millisecond, as they are billed: `3723.120`. */
export function formatExactSeconds(seconds: number): string {
  return seconds.toFixed(3);
}

/** Compute units without trailing zeros: `0.25`, `1`. */
export function formatCu(cu: number): string {
  return `${Number(cu.toFixed(2))} CU`;
}

/** `0.5 CU`, or `0.5 CU (0.25 to 2)` for a size by load. */
export function formatSize({
  min,
  max,
  now,
}: {
  readonly min: number;
  readonly max: number;
  readonly now: number;
}): string {
  const range = `${Number(min.toFixed(2))} to ${Number(max.toFixed(2))}`;
  if (min === max) return now === min ? formatCu(now) : `${formatCu(now)} (to be ${Number(min.toFixed(2))})`;
  return `${formatCu(now)} (${range})`;
}

/** An instant of the API for people: UTC, to the second. Empty for none. */
export function formatInstant(iso: string | null): string {
  return iso === null ? '' : iso.replace(/\.\d+Z$/, 'Z');
}
