import { BaseCommand } from '../../lib/cli/index.ts';
import { remoteText } from '../../lib/cli/views/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class AgentListen extends BaseCommand {
  static override summary = 'show where other machines find the agent, its key, and what to type there';
  static override description =
    'The fingerprint is of its public key: it stays the same when the certificate is renewed. Whoever adds this agent ' +
    'elsewhere compares it, as with ssh.';
  static override examples = [
    'doze agent listen',
    {
      description: 'to begin with it',
      command: 'doze config set listen 0.0.0.0:7443 && doze agent stop && doze agent start',
    },
  ];

  async run(): Promise<void> {
    await this.open(AgentListen);
    const api = await this.api();
    const { remote } = await api.agent.status(this.call);
    if (remote === null) {
      throw new DozeError('STATE_CONFLICT', 'the agent listens on its own machine only', {
        hint: 'doze config set listen 0.0.0.0:7443, then doze agent stop and doze agent start (computes go on running)',
      });
    }
    this.output.result(remote, remoteText(remote).join('\n'));
    this.tip('A token for it: doze token create NAME --project PROJECT --role operate');
  }
}
