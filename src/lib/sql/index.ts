export type { SqlAddress } from './address.ts';
export { connect, type ConnectOptions } from './connect.ts';
export type { ResultSet, Row, SqlConnection, SqlValue } from './connection.ts';
export { openSocket } from './open-socket.ts';
export { serverErrorOf, type ServerError } from './sql-error.ts';
