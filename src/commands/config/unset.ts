import { BaseCommand, settingArgument } from '../../lib/cli/index.ts';

export default class ConfigUnset extends BaseCommand {
  static override summary = 'forget a stored setting, so that its default holds again';
  static override examples = ['doze config unset suspendAfter'];
  static override args = { name: settingArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ConfigUnset);
    if (this.configuration.show(args.name).reader === 'agent') this.requireLocal(`doze config unset ${args.name}`);
    const changed = await this.configuration.unset(args.name);
    const { name, text, source, origin } = this.configuration.show(args.name);
    const sentence = changed
      ? `${name} is ${text} again (${source})`
      : `${name} was not set: it is ${text} (${source})`;
    this.output.result({ name, value: text, source, origin, changed }, sentence);
  }
}
