/** The whole of a statement, as drivers and people write it. */
const QUESTION = /^\s*select\s+(connection_id\s*\(\s*\))(?:\s+as\s+(`[^`]+`|\w+))?\s*;?\s*$/i;

/**
 * The id that a client was given stays its own, whichever connection to the server it has: a question for nothing else
 * becomes one with the answer in it. @returns null for any other statement
 */
export function rewordConnectionId(payload: Buffer, connectionId: number): Buffer | null {
  const found = QUESTION.exec(payload.toString('latin1', 1));
  if (found === null) return null;
  const [, question = '', alias = `\`${question}\``] = found;
  return Buffer.concat([
    payload.subarray(0, 1),
    Buffer.from(`SELECT CAST(${connectionId} & 18446744073709551615 AS SIGNED) AS ${alias} LIMIT 1`),
  ]);
}
