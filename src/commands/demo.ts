import { boolean, string } from '@oclif/core/flags';

import { DEMO_PROJECT, demoSummary, findServer, runDemo } from '../lib/cli/demo/index.ts';
import { BaseCommand, confirmYes, parseChoice, parseCount } from '../lib/cli/index.ts';
import { parseDuration } from '../lib/domain/index.ts';

const MAX_ROWS = 1_000_000;
const WAKES = 2;

export default class Demo extends BaseCommand {
  static override summary = 'see a database start, sleep, wake with every row in place, and be metered';
  static override description =
    'Starts a compute of its own, writes rows, lets it fall asleep, connects again twice, compares every row and the ' +
    'usage report with what it saw, and removes it. Ends with one line that sums it up.';
  static override examples = [
    'doze demo',
    { description: 'without questions: installs a server if there is none', command: 'doze demo --yes' },
  ];
  static override flags = {
    yes: boolean({ char: 'y', description: 'install a database server if neither Docker nor a server is found' }),
    keep: boolean({ description: 'leave the compute for a closer look' }),
    driver: string({ description: 'what to run it on', default: 'auto', helpValue: 'auto|docker|process' }),
    rows: string({ description: 'how many rows to write', default: '1000', helpValue: 'COUNT' }),
    'suspend-after': string({ description: 'idle time before it sleeps', default: '2s', helpValue: 'DURATION' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.open(Demo);
    const ownProject = this.isRemote ? this.contexts.require(this.context).project : null;
    const options = {
      project: ownProject ?? DEMO_PROJECT,
      isRemote: this.isRemote,
      driver: parseChoice(flags.driver, 'driver', ['auto', 'docker', 'process']),
      rows: parseCount(flags.rows, 'rows', MAX_ROWS),
      suspendAfterMs: parseDuration(flags['suspend-after']),
      wakes: WAKES,
      keep: flags.keep,
    };
    this.interrupt.explain('what the demo had made was removed', 'doze demo');
    const api = await this.api();
    const { call, clock, progress, signal } = this;
    // What is on the machine of the agent is not for who has only a project there.
    if (options.driver === 'auto' && ownProject === null) {
      const ask = this.isInteractive ? (question: string) => confirmYes(question, signal) : null;
      await findServer({ api, call, progress, mayInstall: flags.yes, ask });
    }
    const figures = await runDemo({ api, clock, progress, call, signal }, options);
    this.output.result(figures, demoSummary(figures));
    if (flags.keep) this.tip(`Next: doze compute show ${figures.name} --project ${figures.project}`);
  }
}
