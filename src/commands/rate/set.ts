import { string } from '@oclif/core/flags';

import type { RateCardRequest } from '../../lib/api/client/index.ts';
import { BaseCommand, parseChoice, parseCount, rateCardArgument, readRateFile } from '../../lib/cli/index.ts';
import { rateCardSentence } from '../../lib/cli/views/index.ts';
import { parseInstant, parseName, ROUNDINGS } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const PRICE = { helpValue: 'PRICE', helpGroup: 'PRICES' } as const;
const FREE = { helpValue: 'AMOUNT', helpGroup: 'FREE IN A CALENDAR MONTH' } as const;

export default class RateSet extends BaseCommand {
  static override summary = 'say what things cost, as the next version of a rate card';
  static override description =
    'What is not said stays as in the version before. Versions are never changed or removed: a correction is a new one, which ' +
    'counts wherever it is valid. Without --project a card is for all projects that have none of their own. GB is 10^9 bytes; a ' +
    'GB-month is one of them kept for the whole of a calendar month.';
  static override examples = [
    {
      description: 'for all projects, from the begin of this month',
      command: 'doze rate set standard --currency EUR --cu-hour 0.16 --gb-month 0.35 --gb-egress 0.09',
    },
    { description: 'another price from March', command: 'doze rate set standard --cu-hour 0.18 --from 2027-03' },
    {
      description: 'for one project, with 50 CU-hours free in each month',
      command: 'doze rate set friends --project shop --currency EUR --cu-hour 0.10 --free-cu-hours 50',
    },
    {
      description: 'from a file, in the form of rate show --json',
      command: 'doze rate set standard --file rates.json',
    },
  ];
  static override args = { name: rateCardArgument };
  static override flags = {
    currency: string({ description: 'of all prices: a code of ISO 4217', helpValue: 'CODE' }),
    'cu-hour': string({ description: 'for an hour active at one CU', ...PRICE }),
    'frozen-hour': string({ description: 'for an hour of a compute frozen, whatever its size', ...PRICE }),
    'hibernated-hour': string({ description: 'for an hour of a compute hibernated', ...PRICE }),
    'gb-month': string({ description: 'for storage', ...PRICE }),
    'gb-egress': string({ description: 'for what is sent to clients', ...PRICE }),
    'free-cu-hours': string({ description: 'CU-hours', ...FREE }),
    'free-gb-months': string({ description: 'GB-months', ...FREE }),
    'free-gb-egress': string({ description: 'GB sent to clients', ...FREE }),
    rounding: string({ description: `of each line of a bill: ${ROUNDINGS.join(', ')}`, helpValue: 'MODE' }),
    decimals: string({ description: 'of each line, 0 to 6, if not those of the currency', helpValue: 'NUMBER' }),
    from: string({ description: 'a month, or a whole hour; of a later version the next hour', helpValue: 'TIME' }),
    until: string({ description: 'after it what was valid before is again', helpValue: 'TIME' }),
    file: string({ description: 'JSON with what is not given by flags; - reads stdin', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(RateSet);
    const name = parseName(args.name, 'rate card');
    const fromFile = flags.file === undefined ? {} : await readRateFile(flags.file);
    const request: RateCardRequest = {
      ...fromFile,
      ...(flags.project !== undefined && { project: this.project }),
      ...(flags.currency !== undefined && { currency: flags.currency }),
      prices: { ...fromFile.prices, ...pricesOf(flags) },
      free: { ...fromFile.free, ...freeOf(flags) },
      rounding: { ...fromFile.rounding, ...roundingOf(flags) },
      ...(flags.from !== undefined && { validFrom: this.#instant(flags.from) }),
      ...(flags.until !== undefined && { validUntil: this.#instant(flags.until) }),
    };
    if (isEmpty(request)) {
      throw new DozeError('USAGE', 'nothing of the rate card is said', {
        hint: `doze rate set ${name} --cu-hour 0.16`,
      });
    }
    const api = await this.api();
    const card = await api.rates.add(name, request, this.call);
    this.output.result(card, rateCardSentence(card));
    this.tip(`Next: doze rate show ${name}`);
  }

  #instant(text: string): string {
    return new Date(parseInstant(text, this.clock.wallMs())).toISOString();
  }
}

type FlagValues = Readonly<Record<string, unknown>>;

function pricesOf(flags: FlagValues): RateCardRequest['prices'] {
  return texts(flags, {
    compute: 'cu-hour',
    frozen: 'frozen-hour',
    hibernated: 'hibernated-hour',
    storage: 'gb-month',
    egress: 'gb-egress',
  });
}

function freeOf(flags: FlagValues): RateCardRequest['free'] {
  return texts(flags, { compute: 'free-cu-hours', storage: 'free-gb-months', egress: 'free-gb-egress' });
}

function roundingOf({ rounding, decimals }: FlagValues): RateCardRequest['rounding'] {
  return {
    ...(typeof rounding === 'string' && { mode: parseChoice(rounding, 'rounding', ROUNDINGS) }),
    ...(typeof decimals === 'string' && { decimals: decimals === '0' ? 0 : parseCount(decimals, 'decimals', 6) }),
  };
}

/** Those flags that are given, by another name. */
function texts(flags: FlagValues, names: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(names).map(([to, from]) => [to, flags[from]] as const);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function isEmpty({ project: _project, prices, free, rounding, ...others }: RateCardRequest): boolean {
  return [prices, free, rounding, others].every((part) => Object.keys(part ?? {}).length === 0);
}
