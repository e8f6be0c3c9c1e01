import { boolean, string } from '@oclif/core/flags';

import type { UsageGroup, UsageReport as Report } from '../../lib/api/client/index.ts';
import { BaseCommand, parseChoice } from '../../lib/cli/index.ts';
import { chartPeriod, usageChart, usageTable } from '../../lib/cli/views/index.ts';
import { parseName, parseWindow, periodsCsv, usageCsv } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const GROUPS = ['compute', 'project', 'hour', 'day', 'month'] as const satisfies readonly UsageGroup[];

export default class UsageReport extends BaseCommand {
  static override summary = 'report what was used, by compute, project or time; never wakes a compute';
  static override description =
    'Active seconds, CU-seconds, wakes, queries, traffic and storage of all projects unless --project is given, and of this ' +
    'month unless --since and --until say otherwise. All times are UTC. Destroyed computes stay in it. Queries, traffic and ' +
    'storage are kept by the hour: an hour counts in the window in which it begins.';
  static override examples = [
    { description: 'of the last day', command: 'doze usage report --since 24h' },
    { description: 'of a month', command: 'doze usage report --since 2026-01 --until 2026-02 --csv > usage.csv' },
    { description: 'day by day, as far as this month goes', command: 'doze usage report --by day' },
    { description: 'when each was awake', command: 'doze usage report --since 24h --chart' },
  ];
  static override flags = {
    since: string({ description: 'from this time, or this long ago', helpValue: 'TIME' }),
    until: string({ description: 'up to this time, or this long ago', helpValue: 'TIME' }),
    compute: string({ description: 'only of this compute', helpValue: 'NAME' }),
    by: string({ description: `a line for each ${GROUPS.join(', ')}`, helpValue: 'WHAT' }),
    chart: boolean({ description: 'show when computes were awake, a bar for each hour, day or month' }),
    csv: boolean({ description: 'print the lines as CSV' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(UsageReport);
    if ([flags.csv, flags.json, flags.chart].filter((is) => is).length > 1 && flags.csv)
      throw new DozeError('USAGE', '--csv excludes --json and --chart', { hint: 'doze usage report --csv' });
    const { sinceMs, untilMs } = parseWindow(flags, this.clock.wallMs());
    const by = parseChoice(flags.by ?? 'compute', 'by', GROUPS);
    const per = by === 'compute' || by === 'project' ? chartPeriod(sinceMs, untilMs, this.output.width) : by;
    const query = {
      ...(flags.project !== undefined && { project: this.project }),
      ...(flags.compute !== undefined && { compute: parseName(flags.compute) }),
      since: new Date(sinceMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      by,
      ...(flags.chart && { activity: per }),
    };
    const api = await this.api();
    const report = await api.usage.report(query, this.call);
    this.output.result(report, flags.csv ? csvOf(by, report) : this.textOf(report));
  }

  private textOf(report: Report): string {
    const { width, paint } = this.output;
    if (report.activity === null) return usageTable(report, width, paint);
    const isUnicode = width !== null && this.environment.term !== 'dumb';
    return usageChart(report.activity, { paint, isUnicode });
  }
}

function csvOf(by: UsageGroup, report: Report): string {
  if (by === 'compute') return usageCsv(report.computes);
  return by === 'project' ? usageCsv(report.projects) : periodsCsv(report.periods);
}
