import { BaseCommand } from '../../lib/cli/index.ts';
import { rateCardTable } from '../../lib/cli/views/index.ts';

export default class RateList extends BaseCommand {
  static override summary = 'list rate cards, all versions, and which of them is in force';
  static override description = 'With --project only those that it can be billed by.';

  async run(): Promise<void> {
    const { flags } = await this.open(RateList);
    const api = await this.api();
    const cards = await api.rates.list(flags.project === undefined ? {} : { project: this.project }, this.call);
    const { paint, width } = this.output;
    this.output.result(cards, rateCardTable(cards, { paint, width, nowMs: this.clock.wallMs() }));
    if (cards.length === 0)
      this.output.note('nothing has a price: doze rate set standard --currency EUR --cu-hour 0.16');
  }
}
