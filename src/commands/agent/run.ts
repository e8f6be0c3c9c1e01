import { BaseCommand } from '../../lib/cli/index.ts';

export default class AgentRun extends BaseCommand {
  static override summary = 'run the agent in the foreground, until Ctrl-C';
  static override description =
    'Nobody has to: whichever command needs the agent starts it. For service managers, and to see what it says. ' +
    'Computes go on running when it ends.';
  static override examples = ['doze agent run'];

  async run(): Promise<void> {
    await this.open(AgentRun);
    const { runAgent } = await import('../../lib/agent/index.ts');
    await runAgent({ version: this.config.version, environment: this.environment, configuration: this.configuration });
  }
}
