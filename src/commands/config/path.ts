import { BaseCommand } from '../../lib/cli/index.ts';

export default class ConfigPath extends BaseCommand {
  static override summary = 'print where settings are stored';
  static override examples = ['doze config path'];

  async run(): Promise<void> {
    await this.open(ConfigPath);
    const { configFile, home } = this.environment.paths;
    this.output.result({ path: configFile, home }, configFile);
  }
}
