import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, writeFileOrStdout } from '../../lib/cli/index.ts';
import { billHtml, billText, unpricedHint } from '../../lib/cli/views/index.ts';
import { formatMonth, monthOf, parseMonth } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class UsageBill extends BaseCommand {
  static override summary = "make a project's bill of a calendar month; never wakes a compute";
  static override description =
    'A line for each compute, meter and version of a rate card (doze rate set), what is free as lines below zero. Each line is ' +
    'rounded once and all else is a sum of lines, so that the bill adds up as it is printed. Months are of UTC; of one that is ' +
    'not over, the bill is of what was used so far.';
  static override examples = [
    { description: 'so far', command: 'doze usage bill' },
    {
      description: 'as a page to send or print',
      command: 'doze usage bill --project shop --month 2026-11 --html bill.html',
    },
    { description: 'beside what it had cost had nobody slept', command: 'doze usage bill --always-on' },
  ];
  static override flags = {
    month: string({ description: 'such as 2026-11; this one if not given', helpValue: 'MONTH' }),
    'always-on': boolean({ description: 'also what it had cost with every compute always on at its largest size' }),
    html: string({
      description: 'write it as one page with a chart of awake time; - writes to stdout',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(UsageBill);
    if (flags.html === '-' && flags.json)
      throw new DozeError('USAGE', '--html - and --json exclude each other', {
        hint: 'doze usage bill --html bill.html',
      });
    const month = formatMonth(flags.month === undefined ? monthOf(this.clock.wallMs()) : parseMonth(flags.month));
    const api = await this.api();
    const bill = await api.usage.bill(
      { project: this.project, month, ...(flags['always-on'] && { alwaysOn: true }) },
      this.call,
    );
    if (flags.html !== undefined) await writeFileOrStdout(flags.html, billHtml(bill));
    if (flags.html === undefined || flags.json) {
      this.output.result(bill, billText(bill, this.output.width, this.output.paint));
    } else if (flags.html !== '-') this.output.note(`wrote ${flags.html}: ${bill.total} ${bill.currency}`);
    const hint = unpricedHint(bill);
    if (hint !== null) this.output.note(hint);
  }
}
