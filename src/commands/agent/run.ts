import { string } from '@oclif/core/flags';

import { BaseCommand } from '../../lib/cli/index.ts';
import { createConfiguration } from '../../lib/config/index.ts';

export default class AgentRun extends BaseCommand {
  static override summary = 'run the agent in the foreground, until Ctrl-C';
  static override description =
    'Nobody has to: whichever command needs the agent starts it. For service managers, and to see what it says. ' +
    'Computes go on running when it ends.';
  static override examples = [
    'doze agent run',
    { description: 'also for other machines', command: 'doze agent run --listen 0.0.0.0:7443' },
  ];
  static override flags = {
    listen: string({
      description: 'let other machines in too, by TLS and with tokens; else as `doze config get listen`',
      helpValue: 'HOST:PORT',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(AgentRun);
    this.requireLocal('doze agent run');
    const { runAgent } = await import('../../lib/agent/index.ts');
    const { environment } = this;
    const configuration = createConfiguration(environment, { listen: flags.listen });
    await runAgent({ version: this.config.version, environment, configuration });
  }
}
