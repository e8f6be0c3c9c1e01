/**
 * Building blocks that mean the same under every sql_mode, character set and limit a session may have set: ASCII, no
 * string but names, no backslash, no `||`, no bare NOT, and a LIMIT wherever sql_select_limit would count.
 */

/** As UTF-8 whatever character_set_results is: binary strings are sent as they are. */
export function utf8(expression: string): string {
  return `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`;
}

export function bytes(expression: string): string {
  return `CAST(${expression} AS BINARY)`;
}

export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

export function listOfNames(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
