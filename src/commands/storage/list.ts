import type { StorageView } from '../../lib/api/client/index.ts';
import { BaseCommand } from '../../lib/cli/index.ts';
import { paintVerdict, renderTable } from '../../lib/cli/views/index.ts';

export default class StorageList extends BaseCommand {
  static override summary = 'list the Page Servers and Safekeeper groups that are registered';
  static override examples = ['doze storage list'];

  async run(): Promise<void> {
    await this.open(StorageList);
    const api = await this.api();
    const services = await api.storage.list(this.call);
    const { paint, width } = this.output;
    const table = renderTable<StorageView>(
      [
        { title: 'NAME', text: ({ name }) => name },
        { title: 'KIND', text: ({ kind }) => (kind === 'pageServer' ? 'Page Server' : 'Safekeepers') },
        { title: 'FLAVOUR', text: ({ flavour }) => flavour, spare: 1 },
        {
          title: 'VERDICT',
          text: ({ verdict }) => verdict,
          paint: (text, { verdict }) => paintVerdict(verdict, paint)(text),
        },
        { title: 'ENDPOINTS', text: ({ endpoints }) => endpoints.map(({ url }) => url).join(' ') },
      ],
      services,
      { width, paintTitle: paint.strong },
    );
    this.output.result(services, table);
    if (services.length === 0) this.tip('None yet: doze storage add --help');
  }
}
