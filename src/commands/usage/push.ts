import { string } from '@oclif/core/flags';

import { BaseCommand, parseCount, readSecret } from '../../lib/cli/index.ts';
import { parseInstant } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const MAX_BATCH = 10_000;

export default class UsagePush extends BaseCommand {
  static override summary = 'send usage to a billing system as CloudEvents, each hour at least once';
  static override description =
    'Sends every complete hour that the receiver was not told, in batches (application/cloudevents-batch+json), and remembers ' +
    'what arrived: the next one goes on there, also after a crash. What may have arrived is sent again with the same ids. An hour ' +
    'that was corrected since is sent as the difference. A receiver that is down is tried again, later each time; one that says no ' +
    'ends it. A secret comes from a file, from stdin (`--secret-file -`) or from DOZE_PUSH_SECRET, never from a flag.';
  static override examples = [
    {
      description: 'every hour, from a timer',
      command: 'doze usage push --to https://billing.example/events --secret-file key',
    },
  ];
  static override flags = {
    to: string({ description: 'URL of the receiver', helpValue: 'URL' }),
    since: string({ description: 'where the first push to it begins, if not with the records', helpValue: 'TIME' }),
    batch: string({ description: 'events in a request', helpValue: 'NUMBER', default: '500' }),
    'secret-file': string({ description: 'file with a bearer token for it; - reads stdin', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(UsagePush);
    const { to } = flags;
    if (to === undefined)
      throw new DozeError('USAGE', 'the receiver is missing', { hint: 'doze usage push --to https://HOST/PATH' });
    const file = flags['secret-file'];
    const fromEnvironment = this.environment.doze['DOZE_PUSH_SECRET'];
    const secret = file === undefined ? fromEnvironment : await readSecret(file, 'the secret');
    const request = {
      to,
      batchSize: parseCount(flags.batch, 'batch', MAX_BATCH),
      ...(secret !== undefined && { secret }),
      ...(flags.since !== undefined && {
        since: new Date(parseInstant(flags.since, this.clock.wallMs())).toISOString(),
      }),
    };
    this.interrupt.explain('what was sent is remembered', 'doze usage push --to URL');
    const api = await this.api();
    const pushed = await this.progress.run('Sending usage', (report) => api.usage.push(request, report, this.call));
    const { events, corrections, retries, until } = pushed;
    const more = [
      ...(corrections > 0 ? [`${corrections} of them corrections`] : []),
      ...(retries > 0 ? [`after ${retries} failed attempts`] : []),
    ];
    const what = events === 0 ? 'nothing new' : [`${events} events`, ...more].join(', ');
    this.output.result(pushed, `${what}: ${pushed.to} has every hour until ${until.slice(0, 16)}Z`);
  }
}
