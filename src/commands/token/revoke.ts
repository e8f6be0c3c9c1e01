import { string } from '@oclif/core/args';

import { BaseCommand, findToken } from '../../lib/cli/index.ts';

export default class TokenRevoke extends BaseCommand {
  static override summary = 'end a token at once, and every connection that is open with it';
  static override description =
    'What was begun with it goes on: a start, a snapshot. Tokens that it made stay: `doze token list --json` says who ' +
    'made which.';
  static override examples = ['doze token revoke ci'];
  static override args = {
    token: string({ description: 'id or name of the token', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(TokenRevoke);
    const api = await this.api();
    const found = await findToken(api, args.token, this.typedProject, this.call);
    const token = await api.access.tokens.revoke(found.id, this.call);
    const changed = found.state !== 'revoked';
    this.output.result(
      { ...token, changed },
      changed ? `${token.name} (${token.id}) is revoked` : `${token.name} (${token.id}) was revoked already`,
    );
  }
}
