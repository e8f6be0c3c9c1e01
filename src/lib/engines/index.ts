export type { CacheFacts, CacheState, Credentials, Engine, Ready, ServerLoad, SqlTarget } from './engine.ts';
export { AGENT_USER } from './engine.ts';
export { createMariaDbEngine, type MariaDbEngineDeps } from './mariadb/mariadb-engine.ts';
