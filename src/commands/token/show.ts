import { string } from '@oclif/core/args';

import { BaseCommand, findToken } from '../../lib/cli/index.ts';
import { tokenDetails } from '../../lib/cli/views/index.ts';

export default class TokenShow extends BaseCommand {
  static override summary = 'show a token, without its secret: what it may, until when, and when it was used last';
  static override examples = ['doze token show ci'];
  static override args = {
    token: string({ description: 'id or name of the token', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(TokenShow);
    const api = await this.api();
    const token = await findToken(api, args.token, this.typedProject, this.call);
    this.output.result(token, tokenDetails(token));
  }
}
