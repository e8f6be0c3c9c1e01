import { createInterface } from 'node:readline/promises';

import { toDozeError } from '../../errors/index.ts';
import type { SqlConnection } from '../../sql/index.ts';
import { isTerminal, type Output } from '../output.ts';
import { resultText } from './result-text.ts';
import { splitStatements } from './statements.ts';

export interface SqlShellOptions {
  readonly connection: SqlConnection;
  readonly output: Output;
  readonly name: string;
  readonly signal: AbortSignal;
}

const GOODBYES: ReadonlySet<string> = new Set(['exit', 'quit', '\\q']);

/** The built-in client, for machines without one: reads statements up to their semicolon, prints tables. */
export async function runSqlShell({ connection, output, name, signal }: SqlShellOptions): Promise<void> {
  const isAsked = isTerminal(process.stdin);
  const lines = createInterface({ input: process.stdin, output: isAsked ? process.stderr : undefined, signal });
  const prompt = (isOpen: boolean): void => {
    lines.setPrompt(isOpen ? '    -> ' : `${name}> `);
    if (isAsked) lines.prompt();
  };
  let pending = '';
  prompt(false);
  for await (const line of lines) {
    if (pending.trim() === '' && GOODBYES.has(line.trim().replace(/;$/, ''))) break;
    const { statements, rest } = splitStatements(`${pending}${line}\n`);
    for (const statement of statements) await show(statement, connection, output, isAsked);
    pending = rest;
    prompt(rest.trim() !== '');
  }
  if (pending.trim() !== '' && !isAsked) await show(pending.trim(), connection, output, false);
  lines.close();
}

/** On a terminal a mistake is shown and the shell goes on; in a script it ends it. */
async function show(sql: string, connection: SqlConnection, output: Output, goesOn: boolean): Promise<void> {
  try {
    for (const result of await connection.run(sql)) output.result(result, resultText(result, output.width));
  } catch (thrown) {
    const error = toDozeError(thrown);
    if (!goesOn || error.code !== 'SQL_FAILED') throw error;
    process.stderr.write(`${output.notePaint.bad('Error:')} ${error.message}\n`);
  }
}
