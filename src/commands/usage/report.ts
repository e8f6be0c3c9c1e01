import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, parseInstant } from '../../lib/cli/index.ts';
import { usageCsv, usageTable } from '../../lib/cli/views/index.ts';
import { parseName } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class UsageReport extends BaseCommand {
  static override summary = 'report active seconds, CU-seconds and wakes, by compute and project; never wakes one';
  static override description =
    'Covers all projects unless --project is given, from the first record until now unless --since and --until say ' +
    'otherwise. Destroyed computes stay in it.';
  static override examples = [
    { description: 'of the last day', command: 'doze usage report --since 24h' },
    { description: 'of a month', command: 'doze usage report --since 2026-01-01 --until 2026-02-01 --csv > usage.csv' },
  ];
  static override flags = {
    since: string({ description: 'from this time, or this long ago', helpValue: 'TIME' }),
    until: string({ description: 'up to this time, or this long ago', helpValue: 'TIME' }),
    compute: string({ description: 'only of this compute', helpValue: 'NAME' }),
    csv: boolean({ description: 'print a line a compute as CSV' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(UsageReport);
    if (flags.csv && flags.json) throw new DozeError('USAGE', '--csv and --json exclude each other');
    const nowMs = this.clock.wallMs();
    const query = {
      ...(flags.project !== undefined && { project: this.project }),
      ...(flags.compute !== undefined && { compute: parseName(flags.compute) }),
      ...(flags.since !== undefined && { since: parseInstant(flags.since, 'since', nowMs) }),
      ...(flags.until !== undefined && { until: parseInstant(flags.until, 'until', nowMs) }),
    };
    const api = await this.api();
    const report = await api.usage.report(query, this.call);
    this.output.result(report, flags.csv ? usageCsv(report) : usageTable(report, this.output.width, this.output.paint));
  }
}
