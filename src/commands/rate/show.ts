import { string } from '@oclif/core/flags';

import { BaseCommand, parseCount, rateCardArgument } from '../../lib/cli/index.ts';
import { rateCardDetails } from '../../lib/cli/views/index.ts';
import { parseName, suggest } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const MAX_VERSION = 1_000_000;

export default class RateShow extends BaseCommand {
  static override summary = 'show a rate card: prices, what is free, since when';
  static override examples = [
    { description: 'as it was', command: 'doze rate show standard --version 1' },
    { description: 'to change it in an editor', command: 'doze rate show standard --json > rates.json' },
  ];
  static override args = { name: rateCardArgument };
  static override flags = {
    version: string({ description: 'which version, if not the last', helpValue: 'NUMBER' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(RateShow);
    const name = parseName(args.name, 'rate card');
    const asked = flags.version;
    const version = asked === undefined ? null : parseCount(asked, 'version', MAX_VERSION);
    const api = await this.api();
    const cards = await api.rates.list({}, this.call);
    const card = cards.findLast((one) => one.name === name && (version === null || one.version === version));
    if (card === undefined) {
      const nearest = suggest(name, [...new Set(cards.map((one) => one.name))]);
      const what = version === null ? `rate card "${name}"` : `version ${version} of rate card "${name}"`;
      throw new DozeError('RATE_NOT_FOUND', `there is no ${what}`, {
        ...(nearest === null || nearest === name ? {} : { hint: `doze rate show ${nearest}` }),
      });
    }
    this.output.result(card, rateCardDetails(card, this.output.paint));
  }
}
