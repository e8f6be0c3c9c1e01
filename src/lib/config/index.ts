export { readAgentSettings, type AgentSettings } from './agent-settings.ts';
export {
  createConfiguration,
  type Configuration,
  type Resolved,
  type SettingSource,
  type SettingView,
} from './configuration.ts';
export { createContexts, LOCAL_CONTEXT, type Contexts, type NamedContext } from './contexts.ts';
export { childEnvironment, keepFromChildren, readEnvironment, type Environment } from './env.ts';
export { makeHome } from './make-home.ts';
export { resolvePaths, type DozePaths, type Place } from './paths.ts';
export { SETTING_NAMES, SETTINGS, variableOf, type SettingName, type SettingValue } from './settings.ts';
export type { ListenAddress, PortRange } from './value-readers.ts';
export { followFile, readLastLines } from './log-file.ts';
