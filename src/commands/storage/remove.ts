import { BaseCommand, storageArgument } from '../../lib/cli/index.ts';
import { parseName } from '../../lib/domain/index.ts';

export default class StorageRemove extends BaseCommand {
  static override summary = 'forget a Page Server or a Safekeeper group; the service itself is left alone';
  static override examples = ['doze storage remove ps-main'];
  static override args = { name: storageArgument };

  async run(): Promise<void> {
    const { args } = await this.open(StorageRemove);
    const name = parseName(args.name, 'storage service');
    const api = await this.api();
    await api.storage.remove(name, this.call);
    this.output.result({ name, action: 'removed' }, `${name} is not watched any more`);
  }
}
