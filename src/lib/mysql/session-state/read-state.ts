import type { TextRow } from '../text-result.ts';
import { StateRow, type KnownUserVariable } from './session-queries.ts';
import type { VariableRow } from './session-variables.ts';
import type { UserVariableType, Warning } from './snapshot.ts';

export interface SessionState {
  readonly variables: readonly VariableRow[];
  readonly counters: ReadonlyMap<string, number>;
  readonly userVariables: readonly KnownUserVariable[];
}

/** What the second statement told. @returns null when it is not what was asked for. */
export function readState(rows: readonly TextRow[]): SessionState | null {
  const variables: VariableRow[] = [];
  const counters = new Map<string, number>();
  const userVariables: KnownUserVariable[] = [];
  for (const row of rows) {
    const [kind, name, value = null, type = '', charset = ''] = row.map((cell) => cell?.toString() ?? null);
    if (name === undefined || name === null) return null;
    if (kind === StateRow.VARIABLE) variables.push({ name, value, type: type ?? '' });
    else if (kind === StateRow.COUNTER) counters.set(name, Number(value));
    else if (isUserVariableType(type)) userVariables.push({ name, type, charset: charset ?? 'binary' });
    else return null;
  }
  // Always there: without it the counters were not told.
  return counters.has('BYTES_RECEIVED') ? { variables, counters, userVariables } : null;
}

/** Level and code are ASCII in whatever character set they come; the message stays in it. */
export function readWarnings(rows: readonly TextRow[]): Warning[] {
  return rows.map(([level, code, message]) => ({
    level: asciiOf(level),
    code: asciiOf(code),
    message: message?.toString('hex') ?? '',
  }));
}

function asciiOf(value: Buffer | null | undefined): string {
  return (value?.toString('latin1') ?? '').replaceAll('\0', '');
}

function isUserVariableType(type: string | null): type is UserVariableType {
  return type !== null && ['INT', 'INT UNSIGNED', 'DECIMAL', 'DOUBLE', 'VARCHAR'].includes(type);
}
