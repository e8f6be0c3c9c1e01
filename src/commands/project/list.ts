import { BaseCommand } from '../../lib/cli/index.ts';
import { projectTable } from '../../lib/cli/views/index.ts';

export default class ProjectList extends BaseCommand {
  static override summary = 'list projects, and which of its limits each is closest to';
  static override examples = [
    'doze project list',
    {
      description: 'those that have used something up',
      command: 'doze project list --json | jq -r \'.[]|select(any(.quotas[]; .level=="reached")).name\'',
    },
  ];

  async run(): Promise<void> {
    await this.open(ProjectList);
    const api = await this.api();
    const projects = await api.projects.list({}, this.call);
    const { paint, width } = this.output;
    this.output.result(projects, projectTable(projects, { paint, width }));
    if (projects.length === 0) this.tip('None yet: doze project create NAME');
  }
}
