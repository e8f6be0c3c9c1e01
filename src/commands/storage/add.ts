import { boolean, string } from '@oclif/core/flags';

import type { StorageAddRequest } from '../../lib/api/client/index.ts';
import { BaseCommand, parseChoice, readSecret, storageArgument } from '../../lib/cli/index.ts';
import { storageStatus } from '../../lib/cli/views/index.ts';
import { parseDuration, parseName, STORAGE_FLAVOURS } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const MIB = 1024 ** 2;
const AUTHS = ['api-key', 'bearer', 'basic'] as const;

export default class StorageAdd extends BaseCommand {
  static override summary = 'register a Page Server or a group of Safekeepers, and watch it from now on';
  static override description =
    'It is looked at first: what does not answer, or is something else, is not registered unless --force says so. The ' +
    'credential comes from a file, from stdin (`--secret-file -`) or from DOZE_STORAGE_SECRET, never from a flag.';
  static override examples = [
    {
      description: 'a group of three',
      command: 'doze storage add sk-main --safekeeper sk-1 --safekeeper sk-2 --safekeeper sk-3',
    },
    {
      description: 'a Page Server that follows it',
      command:
        'doze storage add ps-main --page-server https://ps-1:8080 --follows sk-main --auth api-key --secret-file ps.key',
    },
  ];
  static override args = { name: storageArgument };
  static override flags = {
    'page-server': string({ description: 'its URL', helpValue: 'URL', exclusive: ['safekeeper'] }),
    safekeeper: string({ description: 'URL of a replica; once for each', helpValue: 'URL', multiple: true }),
    flavour: string({
      description: `whose storage tier it is: ${STORAGE_FLAVOURS.join(', ')}`,
      helpValue: 'FLAVOUR',
      default: 'serverless-mariadb',
    }),
    follows: string({ description: 'of a Page Server: the group whose log it follows', helpValue: 'NAME' }),
    auth: string({ description: `how it wants its credential: ${AUTHS.join(', ')}`, helpValue: 'HOW' }),
    'auth-user': string({ description: 'user name for --auth basic', helpValue: 'USER' }),
    'secret-file': string({ description: 'file with the credential; - reads stdin', helpValue: 'FILE' }),
    'ca-file': string({
      description: 'certificate authority (PEM) that its certificate is checked with',
      helpValue: 'FILE',
    }),
    deadline: string({ description: 'how long one request may take; default 2s', helpValue: 'DURATION' }),
    interval: string({ description: 'between two looks; default 5s', helpValue: 'DURATION' }),
    'lag-limit': string({
      description: 'MiB of log that may be missing before it is degraded; default 16',
      helpValue: 'MIB',
    }),
    force: boolean({ description: 'register it also when it does not answer' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(StorageAdd);
    const name = parseName(args.name, 'storage service');
    const pageServer = flags['page-server'];
    const endpoints = pageServer === undefined ? flags.safekeeper : [pageServer];
    if (endpoints === undefined || endpoints.length === 0) {
      throw new DozeError('USAGE', 'what is it: give --page-server URL, or --safekeeper URL for each replica', {
        hint: 'doze storage add --help',
      });
    }
    const credential = await readCredential(
      flags.auth === undefined ? undefined : parseChoice(flags.auth, 'auth', AUTHS),
      flags['auth-user'],
      flags['secret-file'],
      this.environment.doze['DOZE_STORAGE_SECRET'] ?? null,
    );
    const authority = flags['ca-file'];
    const request: StorageAddRequest = {
      kind: pageServer === undefined ? 'safekeepers' : 'pageServer',
      flavour: parseChoice(flags.flavour, 'flavour', STORAGE_FLAVOURS),
      endpoints,
      ...(flags.follows !== undefined && { safekeepers: flags.follows }),
      ...(credential !== undefined && { credential }),
      ...(authority !== undefined && {
        certificateAuthority: await readSecret(authority, 'the certificate authority'),
      }),
      ...(flags.deadline !== undefined && { deadlineSeconds: parseDuration(flags.deadline) / 1000 }),
      ...(flags.interval !== undefined && { intervalSeconds: parseDuration(flags.interval) / 1000 }),
      ...(flags['lag-limit'] !== undefined && { lagLimit: parseMib(flags['lag-limit']) }),
      ...(flags.force && { force: true }),
    };
    const api = await this.api();
    const added = await this.progress.run(`Looking at ${name}`, () => api.storage.add(name, request, this.call));
    const { paint, width } = this.output;
    this.output.result(added, storageStatus([added], { nowMs: this.clock.wallMs(), paint, width }));
  }
}

async function readCredential(
  auth: string | undefined,
  user: string | undefined,
  file: string | undefined,
  fromEnvironment: string | null,
): Promise<StorageAddRequest['credential']> {
  if (auth === undefined) {
    if (file === undefined) return undefined;
    throw new DozeError('USAGE', '--secret-file is of no use without --auth api-key, bearer or basic');
  }
  const secret = file === undefined ? fromEnvironment : await readSecret(file, 'the credential');
  if (secret === null) {
    throw new DozeError('USAGE', `--auth ${auth} needs a credential`, {
      hint: 'give --secret-file FILE, --secret-file - to read stdin, or set DOZE_STORAGE_SECRET',
    });
  }
  if (auth === 'api-key') return { kind: 'apiKey', key: secret };
  return auth === 'bearer' ? { kind: 'bearer', token: secret } : { kind: 'basic', user: user ?? '', password: secret };
}

function parseMib(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text) * MIB;
  throw new DozeError('VALUE_INVALID', `"${text}" is not a number of MiB`, { hint: 'write it like --lag-limit 16' });
}
