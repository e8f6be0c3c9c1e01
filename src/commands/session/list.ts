import { boolean } from '@oclif/core/flags';

import { BaseCommand, optionalComputeArgument } from '../../lib/cli/index.ts';
import { sessionSentence, sessionTable } from '../../lib/cli/views/index.ts';

export default class SessionList extends BaseCommand {
  static override summary = "list clients' sessions that keep a compute awake or from going deeper; never wakes one";
  static override description =
    'A session that is `busy` keeps its compute awake. One with a `transaction` open, or `pinned` by what only its server ' +
    'has (a temporary table, a lock), keeps the server in memory or swap. `idle` and `parked` ones keep nothing: they ' +
    'outlive the sleep of their compute. What an idle session has is found out when its server is to go.';
  static override examples = [
    { description: 'who keeps it awake', command: 'doze session list shop' },
    { description: 'everybody who is connected, in all computes of the project', command: 'doze session list --all' },
  ];
  static override args = { name: optionalComputeArgument };
  static override flags = {
    all: boolean({ char: 'a', description: 'also sessions that keep nothing' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(SessionList);
    const compute = args.name === undefined ? {} : { compute: this.computeName(args.name) };
    const api = await this.api();
    const found = await api.sessions.list({ project: this.project, ...compute }, this.call);
    const sessions = flags.all ? found : found.filter(({ keepsCompute }) => keepsCompute);
    const { paint, width } = this.output;
    this.output.result(sessions, sessionTable(sessions, { nowMs: this.clock.wallMs(), width, paint }));
    if (!flags.all) {
      const others = found.length - sessions.length;
      this.output.note(sessionSentence(sessions.length, others, args.name ?? 'a compute'));
    }
    if (sessions.length > 0) this.tip('To end one: doze session kill ID');
  }
}
