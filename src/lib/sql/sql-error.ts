import { DozeError } from '../errors/index.ts';
import { whereOf, type SqlAddress } from './address.ts';

/** What the server said, as numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/ */
export interface ServerError {
  readonly errno: number;
  readonly sqlState: string;
}

const ACCESS_DENIED = 1045;
const ACCESS_DENIED_NO_PASSWORD = 1698;
const ACCESS_DENIED_CODES: ReadonlySet<number> = new Set([ACCESS_DENIED, ACCESS_DENIED_NO_PASSWORD]);

/** What a login ended with. @returns ACCESS_DENIED, BACKEND_LOST, or SQL_FAILED for other refusals */
export function toLoginError(thrown: unknown, address: SqlAddress): DozeError {
  const said = readServerError(thrown);
  if (said === null || !ACCESS_DENIED_CODES.has(said.errno)) return toSqlError(thrown, address);
  return new DozeError('ACCESS_DENIED', `the server at ${whereOf(address)} refused user "${address.user}"`, {
    cause: thrown,
    details: { ...said },
  });
}

/** What a statement ended with: a refusal of the server has an errno and an SQLSTATE, all else is the wire. */
export function toSqlError(thrown: unknown, address: SqlAddress): DozeError {
  const said = readServerError(thrown);
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (said !== null) return new DozeError('SQL_FAILED', text, { cause: thrown, details: { ...said } });
  return new DozeError('BACKEND_LOST', `no answer from the server at ${whereOf(address)}: ${text}`, { cause: thrown });
}

/** The server's numbers of an error that this room threw, or null if the server did not speak. */
export function serverErrorOf(thrown: unknown): ServerError | null {
  return thrown instanceof DozeError ? readServerError(thrown.details) : null;
}

function readServerError(value: unknown): ServerError | null {
  if (typeof value !== 'object' || value === null || !('errno' in value) || !('sqlState' in value)) return null;
  if (typeof value.errno !== 'number' || typeof value.sqlState !== 'string') return null;
  return { errno: value.errno, sqlState: value.sqlState };
}
