import { boolean, string } from '@oclif/core/flags';

import type { EventView } from '../../lib/api/client/index.ts';
import { BaseCommand, optionalComputeArgument, parseCount } from '../../lib/cli/index.ts';
import { eventLine, eventTable } from '../../lib/cli/views/index.ts';

const MAX_EVENTS = 10_000;

export default class ComputeEvents extends BaseCommand {
  static override summary = 'print what happened to a compute, or to all of a project, oldest first';
  static override examples = [
    { description: 'the last ten', command: 'doze compute events shop --limit 10' },
    { description: 'and what comes', command: 'doze compute events --follow' },
  ];
  static override args = { name: optionalComputeArgument };
  static override flags = {
    limit: string({ char: 'n', description: 'how many of the last events', default: '50', helpValue: 'COUNT' }),
    follow: boolean({ char: 'f', description: 'go on until Ctrl-C; with --json an object a line' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeEvents);
    const limit = parseCount(flags.limit, 'limit', MAX_EVENTS);
    const query = {
      project: this.project,
      ...(args.name !== undefined && { compute: this.computeName(args.name) }),
    };
    const api = await this.api();
    const events = await api.events.list({ ...query, limit }, this.call);
    if (!flags.follow) {
      this.output.result(events, eventTable(events, this.output.width, this.output.paint));
      return;
    }
    this.#print(events);
    const after = events.at(-1)?.seq ?? 0;
    for await (const event of api.events.follow({ ...query, after }, this.call)) this.#print([event]);
  }

  #print(events: readonly EventView[]): void {
    for (const event of events) this.output.line(event, eventLine(event));
  }
}
