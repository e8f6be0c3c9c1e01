import { BaseCommand } from '../../lib/cli/index.ts';
import { renderTable } from '../../lib/cli/views/index.ts';

export default class ConfigList extends BaseCommand {
  static override summary = 'list all settings, their values, and where these come from';
  static override description =
    'The order of what wins: a flag, the environment (DOZE_SUSPEND_AFTER for suspendAfter), the nearest .doze.json ' +
    'for what commands read, what is stored, the default.';
  static override examples = ['doze config list'];

  async run(): Promise<void> {
    await this.open(ConfigList);
    const settings = this.configuration.list();
    const json = settings.map(({ name, text, source, origin, reader, description, defaultText }) => {
      return { name, value: text, source, origin, default: defaultText, reader, description };
    });
    const { paint, width } = this.output;
    const table = renderTable<(typeof json)[number]>(
      [
        { title: 'SETTING', text: ({ name }) => name },
        { title: 'VALUE', text: ({ value }) => (value === '' ? '-' : value) },
        { title: 'FROM', text: ({ source, origin }) => (source === 'environment' ? (origin ?? source) : source) },
        { title: 'MEANING', text: ({ description }) => description, spare: 1 },
      ],
      json,
      { width, paintTitle: paint.strong },
    );
    this.output.result(json, table);
    await Promise.resolve();
  }
}
