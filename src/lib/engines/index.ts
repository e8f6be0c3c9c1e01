export type { Credentials, Engine, Ready, ServerLoad, SqlTarget } from './engine.ts';
export { CLIENT_ADDRESS_OPTION } from './engine.ts';
export { createMariaDbEngine, type MariaDbEngineDeps } from './mariadb/mariadb-engine.ts';
