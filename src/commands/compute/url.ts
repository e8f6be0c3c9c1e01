import { string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, parseChoice } from '../../lib/cli/index.ts';

export default class ComputeUrl extends BaseCommand {
  static override summary = 'print the mysql:// URL, password included, and nothing else';
  static override description =
    'The URL stays the same through every suspend and restart. Asking for it wakes nothing.';
  static override examples = [
    { description: 'for an application', command: 'DATABASE_URL=$(doze compute url shop) npm start' },
    { description: 'with all privileges', command: 'doze compute url shop --as root' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    as: string({ description: 'account to log in as', default: 'owner', helpValue: 'owner|root' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeUrl);
    const name = this.computeName(args.name);
    const as = parseChoice(flags.as, 'as', ['owner', 'root']);
    const api = await this.api();
    const connection = await api.computes.connection(this.project, name, as, this.call);
    this.output.result(connection, connection.url);
  }
}
