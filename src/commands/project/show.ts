import { BaseCommand, optionalProjectArgument } from '../../lib/cli/index.ts';
import { projectDetails } from '../../lib/cli/views/index.ts';

export default class ProjectShow extends BaseCommand {
  static override summary = 'show a project, with what it uses next to each of its limits';
  static override examples = [
    'doze project show team',
    { description: 'the one that commands work in', command: 'doze project show' },
    {
      description: 'how much of the month is left',
      command: 'doze project show team --json | jq \'.quotas[]|select(.quota=="cuSecondsPerMonth")|.limit-.used\'',
    },
  ];
  static override args = { name: optionalProjectArgument };

  async run(): Promise<void> {
    const { args } = await this.open(ProjectShow);
    const name = this.projectName(args.name ?? this.project);
    const api = await this.api();
    const project = await api.projects.show(name, this.call);
    this.output.result(project, projectDetails(project, this.output.paint));
    if (project.quotas.length === 0) this.tip(`No limits: doze project set ${name} --max-computes 10`);
  }
}
