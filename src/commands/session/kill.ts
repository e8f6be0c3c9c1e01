import { string } from '@oclif/core/args';

import { BaseCommand } from '../../lib/cli/index.ts';
import { sessionText } from '../../lib/cli/views/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class SessionKill extends BaseCommand {
  static override summary = "end a client's session, and the command that it runs; never wakes a compute";
  static override description =
    'The client gets the error 1927, "Connection was killed". An open transaction is rolled back: on a frozen compute, when ' +
    'it is thawed.';
  static override examples = [
    { description: 'ids are listed', command: 'doze session list' },
    { description: 'and typed', command: 'doze session kill 1073741824' },
  ];
  static override args = {
    id: string({ description: 'id of the session, which is its CONNECTION_ID()', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(SessionKill);
    if (!/^\d{1,15}$/.test(args.id)) {
      throw new DozeError('VALUE_INVALID', `"${args.id}" is not the id of a session`, {
        hint: 'doze session list --all',
      });
    }
    const api = await this.api();
    const { session, notes } = await api.sessions.kill(Number(args.id), this.call);
    for (const note of notes) this.output.note(note);
    this.output.result({ ...session, notes }, sessionText(session));
  }
}
