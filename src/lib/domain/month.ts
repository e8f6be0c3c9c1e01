import { DozeError } from '../errors/index.ts';

/** A calendar month of UTC. */
export interface Month {
  readonly beginMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

export function monthOf(atMs: number): Month {
  const at = new Date(atMs);
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  return { beginMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) };
}

/** Reads `2026-11`. @throws TIME_INVALID */
export function parseMonth(text: string): Month {
  const match = /^([1-9]\d{3})-(0[1-9]|1[0-2])$/.exec(text.trim());
  if (match !== null) return monthOf(Date.UTC(Number(match[1]), Number(match[2]) - 1));
  throw new DozeError('TIME_INVALID', `"${text}" is not a month`, { hint: 'write it like 2026-11' });
}

/** `2026-11` */
export function formatMonth({ beginMs }: Month): string {
  return new Date(beginMs).toISOString().slice(0, 7);
}
