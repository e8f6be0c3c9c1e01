import { BaseCommand, projectArgument, projectFlags, projectRequest } from '../../lib/cli/index.ts';
import { projectJson, projectSentence } from '../../lib/cli/views/index.ts';

export default class ProjectCreate extends BaseCommand {
  static override summary = 'make a project, with limits for what its computes may use';
  static override description =
    'A project also comes into being with its first compute. One that is there is changed as the flags say, and stays as it ' +
    'is without any.';
  static override examples = [
    { description: 'with a monthly allowance', command: 'doze project create team --max-cu-seconds 36000' },
    {
      description: 'for a bill, and at most three databases awake',
      command: 'doze project create team --tag costCentre=42 --max-active 3',
    },
  ];
  static override args = { name: projectArgument };
  static override flags = projectFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.open(ProjectCreate);
    const name = this.projectName(args.name);
    const request = projectRequest(flags);
    const api = await this.api();
    const result = await api.projects.create(name, request, this.call);
    this.output.result(projectJson(result), projectSentence(result));
    if (result.action === 'created') this.tip(`Next: doze compute start NAME --project ${name}`);
  }
}
