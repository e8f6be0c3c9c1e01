import { string } from '@oclif/core/args';

import { BaseCommand, settingArgument } from '../../lib/cli/index.ts';

export default class ConfigSet extends BaseCommand {
  static override summary = 'store a setting';
  static override description = 'Flags and variables of the environment win over it: see `doze config list`.';
  static override examples = [
    { description: 'new computes sleep after a minute', command: 'doze config set suspendAfter 1m' },
  ];
  static override args = {
    name: settingArgument,
    value: string({ description: 'what it is to be', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.open(ConfigSet);
    const { reader: kind } = this.configuration.show(args.name);
    if (kind === 'agent') this.requireLocal(`doze config set ${args.name}`);
    const { name, text, source, origin, reader } = await this.configuration.set(args.name, args.value);
    this.output.result({ name, value: text, source, origin }, `${name} is ${text}`);
    if (source !== 'stored') this.output.note(`Stored, but ${origin ?? 'a flag'} wins over it.`);
    if (reader === 'agent' && (await this.isAgentRunning())) {
      this.output.note('The agent takes it when it starts again: doze agent stop (computes go on running)');
    }
  }
}
