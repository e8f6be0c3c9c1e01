import { string } from '@oclif/core/flags';

import { BaseCommand, createTextWriter, parseChoice } from '../../lib/cli/index.ts';
import { EXPORT_FORMATS, parseInstant } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class UsageExport extends BaseCommand {
  static override summary = 'write usage by the hour, for billing and cost tools; never wakes a compute';
  static override description =
    'focus: CSV with the columns of FOCUS 1.2, whose BilledCost adds up to the bill. cloudevents: a CloudEvent a line, with ids ' +
    'that are the same for the same usage, so that what is sent twice counts once. csv and json: what each compute used in each ' +
    'hour. Hours are of UTC, and only those of which all is on record. All projects unless --project is given, and this month ' +
    'unless --since and --until say otherwise.';
  static override examples = [
    { description: 'a month', command: 'doze usage export --format focus --since 2026-11 --until 2026-12 > focus.csv' },
    { description: 'of one project', command: 'doze usage export --format cloudevents --project shop > events.ndjson' },
  ];
  static override flags = {
    format: string({ description: EXPORT_FORMATS.join(', '), helpValue: 'FORMAT' }),
    since: string({ description: 'from the hour of this time, or of this long ago', helpValue: 'TIME' }),
    until: string({ description: 'up to the hour of this time', helpValue: 'TIME' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(UsageExport);
    if (flags.format === undefined && !flags.json)
      throw new DozeError('USAGE', 'the format is missing', { hint: 'doze usage export --format focus' });
    const format = parseChoice(flags.format ?? 'json', 'format', EXPORT_FORMATS);
    const nowMs = this.clock.wallMs();
    const instant = (text: string): string => new Date(parseInstant(text, nowMs)).toISOString();
    const query = {
      format,
      ...(flags.project !== undefined && { project: this.project }),
      ...(flags.since !== undefined && { since: instant(flags.since) }),
      ...(flags.until !== undefined && { until: instant(flags.until) }),
    };
    const api = await this.api();
    const writer = createTextWriter();
    for await (const line of api.usage.export(query, this.call)) await writer.line(line);
    await writer.end();
  }
}
