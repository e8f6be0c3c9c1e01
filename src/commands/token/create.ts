import { string as argument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, parseChoice } from '../../lib/cli/index.ts';
import { formatInstant } from '../../lib/cli/views/index.ts';
import { parseDuration, parseName, ROLES } from '../../lib/domain/index.ts';

export default class TokenCreate extends BaseCommand {
  static override summary = 'make a token for other machines, and print it once';
  static override description =
    'It is for one project (--project, else the current one) unless --host says all of the agent. Roles: `read` looks, ' +
    '`operate` also starts, changes, connects and destroys, `admin` also makes tokens and, with --host, changes the agent. ' +
    'Only its hash is kept: whoever loses it makes another one.';
  static override examples = [
    {
      description: 'for CI, of the project shop',
      command: 'doze token create ci --project shop --role operate > ci.token',
    },
    {
      description: 'for yourself, from elsewhere',
      command: 'doze token create laptop --host --role admin --expires 365d',
    },
  ];
  static override args = {
    name: argument({ description: 'what to call it', required: true, ignoreStdin: true }),
  };
  static override flags = {
    role: string({ description: 'what it may do', helpValue: ROLES.join('|'), required: true }),
    host: boolean({ description: 'for all projects and the agent itself' }),
    expires: string({ description: 'when it ends, or never', default: '90d', helpValue: 'DURATION' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(TokenCreate);
    const { expires } = flags;
    const request = {
      name: parseName(args.name, 'token'),
      role: parseChoice(flags.role, 'role', ROLES),
      project: flags.host ? null : this.project,
      expiresInSeconds: expires === 'never' ? null : Math.round(parseDuration(expires) / 1000),
    };
    const api = await this.api();
    const token = await api.access.tokens.create(request, this.call);
    this.output.result(token, token.token);
    const whose = token.project === null ? 'the whole host' : `project ${token.project}`;
    const until = token.expiresAt === null ? 'never expires' : `until ${formatInstant(token.expiresAt)}`;
    this.output.note(`${token.name} (${token.id}): ${token.role} on ${whose}, ${until}. It is not shown again.`);
    this.tip('Next, on the other machine: doze context add (the whole line: doze agent listen)');
  }
}
