export { runAgent, type RunAgentOptions } from './run-agent.ts';
