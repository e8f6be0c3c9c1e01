import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, followFile, parseCount, readLastLines } from '../../lib/cli/index.ts';
import { logJson, logText } from '../../lib/cli/views/index.ts';

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
    this.requireLocal('doze agent logs');
    const tail = parseCount(flags.tail, 'tail', MAX_LINES);
    const file = this.environment.paths.logFile;
    const last = readLastLines(file, tail);
    if (!flags.follow) {
      this.output.result(last.lines.map(logJson), last.lines.map(logText).join('\n'));
      if (last.lines.length === 0) this.output.note(`Nothing has been logged at ${file} yet.`);
      return;
    }
    const print = (line: string): void => this.output.line(logJson(line), logText(line));
    last.lines.forEach(print);
    await followFile(file, { from: last.end, clock: this.clock, signal: this.signal, onLine: print });
  }
}
