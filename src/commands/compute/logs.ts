import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, parseCount } from '../../lib/cli/index.ts';

const MAX_LINES = 100_000;

export default class ComputeLogs extends BaseCommand {
  static override summary = "print the server's log; never wakes it";
  static override examples = [{ description: 'and what comes', command: 'doze compute logs shop --follow' }];
  static override args = { name: computeArgument };
  static override flags = {
    tail: string({ char: 'n', description: 'how many of the last lines', default: '100', helpValue: 'LINES' }),
    follow: boolean({ char: 'f', description: 'go on until Ctrl-C; with --json an object a line' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeLogs);
    const name = this.computeName(args.name);
    const query = { tail: parseCount(flags.tail, 'tail', MAX_LINES), follow: flags.follow };
    const api = await this.api();
    const lines: string[] = [];
    for await (const line of api.computes.logs(this.project, name, query, this.call)) {
      if (this.output.isJson && !flags.follow) lines.push(line);
      else this.output.line({ line }, `${line}\n`);
    }
    if (this.output.isJson && !flags.follow) this.output.result(lines, '');
  }
}
