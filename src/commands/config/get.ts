import { BaseCommand, settingArgument } from '../../lib/cli/index.ts';

export default class ConfigGet extends BaseCommand {
  static override summary = 'print the value of a setting, wherever it comes from';
  static override examples = ['doze config get suspendAfter'];
  static override args = { name: settingArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ConfigGet);
    const { name, text, source, origin } = this.configuration.show(args.name);
    this.output.result({ name, value: text, source, origin }, `${text}\n`);
    await Promise.resolve();
  }
}
