import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, parseChoice } from '../lib/cli/index.ts';
import type { TopEntry } from '../lib/cli/top/index.ts';
import { operationText } from '../lib/cli/views/index.ts';
import { parseDuration } from '../lib/domain/index.ts';
import { DozeError } from '../lib/errors/index.ts';

const LIVE_INTERVAL_MS = 2_000;
const PLAIN_INTERVAL_MS = 1_000;
const SHORTEST_MS = 100;
const LONGEST_MS = 3_600_000;

export default class Top extends BaseCommand {
  static override summary = 'watch all computes: who is awake, why, and what they use; wakes none';
  static override description =
    'On a terminal a table that keeps itself up to date. Keys: arrows (or j, k) move, s suspends and w wakes the selected ' +
    'compute, o sorts by something else, r the other way round, p shows one project after the other, q quits. Elsewhere, ' +
    'or with --once, the table is printed once, after the second that it takes to count queries. Of all projects, or of ' +
    'one with --project.';
  static override examples = [
    { description: 'the busiest first', command: 'doze top --sort queries' },
    {
      description: 'what a script wants to know',
      command: 'doze top --json | jq \'[.computes[] | select(.state=="active")] | length\'',
    },
    { description: 'an object a line, every ten seconds', command: 'doze top --json --follow --interval 10s' },
  ];
  static override flags = {
    sort: string({
      description: 'by what: state, queries, sessions, cu, memory, awake, name, project',
      default: 'state',
      helpValue: 'COLUMN',
    }),
    reverse: boolean({ char: 'r', description: 'the other way round' }),
    interval: string({ description: 'between two looks; 2s, or 1s where it is printed once', helpValue: 'DURATION' }),
    once: boolean({ description: 'print the table once, also on a terminal' }),
    follow: boolean({ char: 'f', description: 'with --json: an object a line after each interval, until Ctrl-C' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(Top);
    const { looks, plainTop, runLiveTop, TOP_ORDERS } = await import('../lib/cli/top/index.ts');
    const { isJson } = this.output;
    if (flags.follow && !isJson)
      throw new DozeError('USAGE', '--follow goes with --json; on a terminal the table keeps itself up to date', {
        hint: 'doze top --json --follow',
      });
    const isLive = !isJson && !flags.once && this.hasScreen;
    const project = (flags as { readonly project?: string }).project;
    const api = await this.api();
    const options = {
      ask: () => api.top(project === undefined ? {} : { project }, this.call),
      clock: this.clock,
      order: parseChoice(flags.sort, 'sort', TOP_ORDERS),
      isReversed: flags.reverse,
      intervalMs: intervalOf(flags.interval, isLive ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS),
      signal: this.signal,
    };
    if (isLive) {
      await runLiveTop({ ...options, paint: this.output.paint, act: (verb, entry) => this.act(verb, entry) });
      return;
    }
    for await (const look of looks(options)) {
      if (flags.follow) this.output.line(look, '');
      else this.output.result(look, plainTop(look, options.order, this.output));
      if (look.computes.length === 0) this.tip('None yet: doze compute start NAME');
      if (!flags.follow) break;
    }
  }

  private async act(verb: 'suspend' | 'wake', { project, name }: TopEntry): Promise<string> {
    const { computes } = await this.api();
    const operate = verb === 'suspend' ? computes.suspend : computes.resume;
    return operationText(await operate(project, name, {}, undefined, this.call));
  }
}

/** @throws DURATION_INVALID, VALUE_INVALID */
function intervalOf(typed: string | undefined, usualMs: number): number {
  const ms = typed === undefined ? usualMs : parseDuration(typed);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new DozeError('VALUE_INVALID', `"${typed ?? ''}" cannot be the value of --interval`, {
    hint: 'use from 100ms to 1h',
  });
}
