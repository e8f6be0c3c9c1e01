import { boolean, string } from '@oclif/core/flags';

import { BaseCommand } from '../../lib/cli/index.ts';
import { usageTable } from '../../lib/cli/views/index.ts';
import { parseName, parseWindow, usageCsv } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class UsageReport extends BaseCommand {
  static override summary = 'report active seconds, CU-seconds and wakes, by compute and project; never wakes one';
  static override description =
    'Covers all projects unless --project is given, and this month (UTC) unless --since and --until say otherwise. ' +
    'Destroyed computes stay in it.';
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
    if (flags.csv && flags.json)
      throw new DozeError('USAGE', '--csv and --json exclude each other', { hint: 'doze usage report --csv' });
    const { sinceMs, untilMs } = parseWindow(flags, this.clock.wallMs());
    const query = {
      ...(flags.project !== undefined && { project: this.project }),
      ...(flags.compute !== undefined && { compute: parseName(flags.compute) }),
      since: new Date(sinceMs).toISOString(),
      until: new Date(untilMs).toISOString(),
    };
    const api = await this.api();
    const report = await api.usage.report(query, this.call);
    this.output.result(
      report,
      flags.csv ? usageCsv(report.computes) : usageTable(report, this.output.width, this.output.paint),
    );
  }
}
