export type { SqlAddress } from './address.ts';
export { connect, type ConnectOptions } from './connect.ts';
export type { ResultSet, Row, SqlConnection, SqlValue } from './connection.ts';
export { serverErrorOf, type ServerError } from './sql-error.ts';
