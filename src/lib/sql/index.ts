export { connect, type ConnectOptions, type SqlAddress } from './connect.ts';
export type { ResultSet, Row, SqlConnection, SqlValue } from './connection.ts';
export { serverErrorOf, type ServerError } from './sql-error.ts';
