import { BaseCommand } from '../../lib/cli/index.ts';
import { contextJson, contextTable, localContext } from '../../lib/cli/views/index.ts';

export default class ContextList extends BaseCommand {
  static override summary = 'list the agents that commands can talk to';
  static override examples = ['doze context list'];

  async run(): Promise<void> {
    await this.open(ContextList);
    const current = this.context;
    const contexts = [
      localContext(current),
      ...this.contexts.list().map((one) => contextJson(one, one.name === current)),
    ];
    const { paint, width } = this.output;
    this.output.result(contexts, contextTable(contexts, { paint, width }));
    await Promise.resolve();
  }
}
