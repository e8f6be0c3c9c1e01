export type { Credentials, Engine, Ready, ServerLoad, SqlTarget } from './engine.ts';
export { createMariaDbEngine, type MariaDbEngineDeps } from './mariadb/mariadb-engine.ts';
