import { isAscii, quoteName } from './sql-text.ts';
import type { SessionSnapshot, SessionVariable, UserVariable } from './snapshot.ts';

/**
 * What makes a fresh connection of the same user, logged in without a database if the snapshot has none, into the
 * session. In order; UTF-8. A refusal of any of them means that the session cannot go on. They may be sent without
 * waiting for the answers in between, as long as none is ignored.
 */
export function restoreStatements(snapshot: SessionSnapshot): readonly string[] {
  const { database, role } = snapshot;
  const statements: string[] = [];
  if (!isAscii(`${database ?? ''}${role ?? ''}`)) statements.push('SET NAMES utf8mb4');
  // First, as the rights on the database and the variables may be the role's.
  if (role !== null) statements.push(`SET ROLE ${quoteName(role)}`);
  if (database !== null) statements.push(`USE ${quoteName(database)}`);
  statements.push(setStatement(snapshot));
  return statements;
}

/** Everything but role and database. */
export function setStatement(snapshot: SessionSnapshot): string {
  const { charsets, lastInsertId, insertId, fixedTimestamp, randomSeeds } = snapshot;
  return `SET ${[
    ...(snapshot.role === null ? ['ROLE NONE'] : []),
    ...snapshot.userVariables.map((variable) => `@${quoteName(variable.name)} = ${valueOf(variable)}`),
    `character_set_client = ${charsets.client}`,
    `character_set_results = ${charsets.results ?? 'NULL'}`,
    `collation_connection = ${charsets.connectionCollation}`,
    `collation_database = ${charsets.databaseCollation}`,
    ...snapshot.variables.map(assignment),
    `rand_seed1 = ${randomSeeds[0]}`,
    `rand_seed2 = ${randomSeeds[1]}`,
    ...(lastInsertId === '0' ? [] : [`last_insert_id = ${lastInsertId}`]),
    ...(insertId === '0' ? [] : [`insert_id = ${insertId}`]),
    ...(fixedTimestamp === null ? [] : [`timestamp = ${fixedTimestamp}`]),
  ].join(', ')}`;
}

export function settableVariables(variables: readonly SessionVariable[]): string {
  return `SET ${variables.map(assignment).join(', ')}`;
}

function assignment({ name, value, isNumber }: SessionVariable): string {
  if (value === null) return `${name} = NULL`;
  return `${name} = ${isNumber ? value : hexString(Buffer.from(value).toString('hex'))}`;
}

function valueOf({ type, value, charset, collation }: UserVariable): string {
  switch (type) {
    case 'INT':
      return `CAST(${value ?? 'NULL'} AS SIGNED)`;
    case 'INT UNSIGNED':
      return `CAST(${value ?? 'NULL'} AS UNSIGNED)`;
    case 'DOUBLE':
      return value === null ? 'CAST(NULL AS DOUBLE)' : value.includes('e') ? value : `${value}e0`;
    case 'DECIMAL':
      return value === null ? 'CAST(NULL AS DECIMAL)' : value.includes('.') ? value : `${value}.`;
    case 'VARCHAR': {
      const raw = `CAST(${value === null ? 'NULL' : hexString(value)} AS BINARY)`;
      return charset === 'binary' ? raw : `CONVERT(${raw} USING ${charset}) COLLATE ${collation}`;
    }
  }
}

function hexString(hex: string): string {
  return `X'${hex}'`;
}
