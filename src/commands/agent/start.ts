import { BaseCommand } from '../../lib/cli/index.ts';

export default class AgentStart extends BaseCommand {
  static override summary = 'start the agent, if it does not run';
  static override examples = ['doze agent start'];

  async run(): Promise<void> {
    await this.open(AgentStart);
    this.requireLocal('doze agent start');
    const wasRunning = await this.isAgentRunning();
    const api = await this.api();
    const status = await api.agent.status(this.call);
    const text = wasRunning ? `the agent is already running (pid ${status.pid})` : `agent started (pid ${status.pid})`;
    this.output.result({ running: true, changed: !wasRunning, ...status }, text);
  }
}
