export { runAgent } from './run-agent.ts';
export type { RunAgentOptions } from './run-agent-options.ts';
