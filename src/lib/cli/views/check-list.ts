import type { Check } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';

/** A finding a line, and under it what to do about it. */
export function checkList(checks: readonly Check[], paint: Paint): string {
  const widest = Math.max(...checks.map(({ name }) => name.length));
  const styles: Readonly<Record<Check['status'], (text: string) => string>> = {
    ok: paint.good,
    warning: paint.careful,
    failed: paint.bad,
    skipped: paint.faint,
  };
  return checks
    .map(({ name, status, summary, hint }) => {
      const line = `${styles[status](status.padEnd(7))}  ${name.padEnd(widest)}  ${summary}`;
      return hint === null ? line : `${line}\n${' '.repeat(widest + 11)}${paint.strong('Next:')} ${hint}`;
    })
    .join('\n');
}
