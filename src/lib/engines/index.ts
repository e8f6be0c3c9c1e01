export type {
  CacheFacts,
  CacheState,
  Credentials,
  Engine,
  Listening,
  Ready,
  RoutineEffects,
  ServerLoad,
  SqlTarget,
  StartPhase,
} from './engine.ts';
export { CLIENT_ADDRESS_OPTION, START_PHASES, tlsArguments } from './engine.ts';
export { createMariaDbEngine, type MariaDbEngineDeps } from './mariadb/mariadb-engine.ts';
