import type { TextRow } from '../text-result.ts';
import type { PinReason } from './pin-reason.ts';
import { MAX_USER_BYTES, USER_VARIABLE_COLUMNS, type KnownUserVariable } from './session-queries.ts';
import type { UserVariable } from './snapshot.ts';
import { isAscii } from './sql-text.ts';

/** More than these are not asked for. */
const MAX_USER_VARIABLES = 256;
const NUMBER = /^-?\d+(?:\.\d*)?(?:e[-+]?\d+)?$/;
const HEX = /^(?:[0-9A-F]{2})*$/;
const CHARSET_NAME = /^\w{1,64}$/;

/** Whether they can be asked for at all. */
export function findUserVariablePin(variables: readonly KnownUserVariable[]): PinReason | null {
  if (variables.length > MAX_USER_VARIABLES) return { code: 'userVariables' };
  const odd = variables.find(({ name, charset }) => !isAscii(name) || !CHARSET_NAME.test(charset));
  return odd === undefined ? null : { code: 'userVariable', name: odd.name };
}

export function readUserVariables(
  variables: readonly KnownUserVariable[],
  rows: readonly TextRow[],
): readonly UserVariable[] | PinReason {
  const row = rows[0];
  if (rows.length !== 1 || row?.length !== variables.length * USER_VARIABLE_COLUMNS) return { code: 'unverified' };
  const read: UserVariable[] = [];
  let length = 0;
  for (const [index, { name, type, charset }] of variables.entries()) {
    const first = index * USER_VARIABLE_COLUMNS;
    const [value = null, collation = null, isSame] = row
      .slice(first, first + USER_VARIABLE_COLUMNS)
      .map((cell) => cell?.toString() ?? null);
    const isString = type === 'VARCHAR';
    const isSound = value === null || (isString ? HEX : NUMBER).test(value);
    if (isSame !== '1' || !isSound || (isString && !CHARSET_NAME.test(collation ?? '')))
      return { code: 'userVariable', name };
    length += name.length + (value?.length ?? 0) / (isString ? 2 : 1);
    if (length > MAX_USER_BYTES) return { code: 'userVariables' };
    read.push({ name, type, value, charset, collation: collation ?? 'binary' });
  }
  return read;
}
