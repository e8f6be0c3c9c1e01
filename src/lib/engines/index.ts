export type { Credentials, Engine, Ready, RoutineEffects, ServerLoad, SqlTarget } from './engine.ts';
export { AGENT_USER } from './engine.ts';
export { createMariaDbEngine, type MariaDbEngineDeps } from './mariadb/mariadb-engine.ts';
