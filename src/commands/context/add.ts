import { string as argument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, confirmYes, promptSecret } from '../../lib/cli/index.ts';
import { contextJson } from '../../lib/cli/views/index.ts';
import { LOCAL_CONTEXT } from '../../lib/config/index.ts';
import { parseFingerprint, parseName } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class ContextAdd extends BaseCommand {
  static override summary = 'add an agent on another machine, or change what is kept of it';
  static override description =
    'What is trusted is the key of the agent, by its fingerprint: a certificate that is renewed with the same key is as ' +
    'good. Without --fingerprint it has to be one that the certificate authorities of this machine vouch for; else it is ' +
    'shown and asked for on a terminal, and refused elsewhere. The token comes from a file, from stdin (`--token-file -`), ' +
    'from DOZE_TOKEN, which is then not kept, or is asked for; never from a flag.';
  static override examples = [
    {
      description: 'as `doze agent listen` says it there',
      command: 'doze context add prod https://db.example:7443 --fingerprint SHA256:...',
    },
    {
      description: 'the token by stdin',
      command: 'doze context add prod https://db.example:7443 --token-file - < prod.token',
    },
  ];
  static override args = {
    name: argument({ description: 'what to call it here', required: true, ignoreStdin: true }),
    url: argument({ description: 'where it listens: https://HOST:PORT', required: true, ignoreStdin: true }),
  };
  static override flags = {
    fingerprint: string({ description: 'of the key that is trusted', helpValue: 'SHA256:...' }),
    'token-file': string({ description: 'file with the token; - reads stdin', helpValue: 'FILE' }),
    use: boolean({ description: 'make it the one that commands talk to from now on' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ContextAdd);
    const name = parseName(args.name, 'context');
    if (name === LOCAL_CONTEXT) {
      throw new DozeError('NAME_IN_USE', `"${LOCAL_CONTEXT}" is the agent of this machine`, {
        hint: 'choose another name',
      });
    }
    const { parseAgentUrl, readToken, trustServer } = await import('../../lib/cli/contexts/index.ts');
    const url = parseAgentUrl(args.url);
    const typed = flags.fingerprint === undefined ? null : parseFingerprint(flags.fingerprint);
    const { signal, isInteractive } = this;
    const fingerprint = await trustServer({
      ...{ name, url, fingerprint: typed, signal },
      ask: isInteractive ? (question) => confirmYes(question, signal) : null,
    });
    const { secret, isKept } = await readToken({
      file: flags['token-file'],
      environment: this.environment.doze['DOZE_TOKEN'],
      ask: isInteractive ? () => promptSecret(`Token for ${url}: `, signal) : null,
    });
    const token = await this.#tryToken({ name, url, fingerprint, token: secret });
    const { role, project, name: tokenName } = token;
    const addedAt = new Date(this.clock.wallMs()).toISOString();
    const context = { name, url, fingerprint, token: isKept ? secret : null, project, role, tokenName, addedAt };
    await this.contexts.put(context);
    if (flags.use) await this.configuration.set('context', name);
    const whose = project === null ? 'the whole host' : `project ${project}`;
    this.output.result(
      { ...contextJson(context, flags.use), expiresAt: token.expiresAt },
      `${name} is ${url}, ${whose}, role ${role}`,
    );
    if (!isKept) this.output.note('The token is not kept: DOZE_TOKEN has to be set for each command.');
    if (!flags.use) this.tip(`Next: doze context use ${name}, or --context ${name}`);
  }

  /** Nothing is kept of what does not work. */
  async #tryToken(target: { name: string; url: string; fingerprint: string | null; token: string }) {
    const { createApiClient, createRemoteLink } = await import('../../lib/api/client/remote.ts');
    const api = createApiClient({ link: createRemoteLink(target), version: this.config.version });
    try {
      const { token } = await this.progress.run(`Asking ${target.url}`, () => api.access.self(this.call));
      if (token !== null) return token;
      throw new DozeError('INTERNAL', `${target.url} does not say whose the token is`);
    } finally {
      api.close();
    }
  }
}
