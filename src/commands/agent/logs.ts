import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, parseCount } from '../../lib/cli/index.ts';
import { logJson, logText } from '../../lib/cli/views/index.ts';
import { followFile, readLastLines } from '../../lib/config/index.ts';

const MAX_LINES = 100_000;

export default class AgentLogs extends BaseCommand {
  static override summary = "print the agent's log, whether it runs or not";
  static override examples = [{ description: 'and what comes', command: 'doze agent logs --follow' }];
  static override flags = {
    tail: string({ char: 'n', description: 'how many of the last lines', default: '100', helpValue: 'LINES' }),
    follow: boolean({ char: 'f', description: 'go on until Ctrl-C; with --json an object a line' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(AgentLogs);
    const tail = parseCount(flags.tail, 'tail', MAX_LINES);
    const lines = this.isRemote ? await this.#ask(tail, flags.follow) : this.#read(tail, flags.follow);
    const all: string[] = [];
    for await (const line of lines) {
      if (flags.follow) this.output.line(logJson(line), logText(line));
      else all.push(line);
    }
    if (flags.follow) return;
    this.output.result(all.map(logJson), all.map(logText).join('\n'));
    if (all.length === 0) this.output.note('Nothing has been logged yet.');
  }

  /** The file, as no agent may be running any more. */
  async *#read(tail: number, follow: boolean): AsyncGenerator<string> {
    const file = this.environment.paths.logFile;
    const last = readLastLines(file, tail);
    yield* last.lines;
    if (follow) yield* followFile(file, { from: last.end, clock: this.clock, signal: this.signal });
  }

  async #ask(tail: number, follow: boolean): Promise<AsyncIterable<string>> {
    const api = await this.api();
    return api.agent.logs({ tail, follow }, this.call);
  }
}
