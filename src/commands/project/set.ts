import { string } from '@oclif/core/flags';

import { BaseCommand, projectArgument, projectFlags, projectRequest } from '../../lib/cli/index.ts';
import { projectJson, projectSentence } from '../../lib/cli/views/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

export default class ProjectSet extends BaseCommand {
  static override summary = "change a project's limits, tags and description";
  static override description =
    'Over a limit nothing starts and nothing wakes: a client gets error 1226, which names the limit and when it resets. What ' +
    'runs when a monthly limit or that of storage is reached goes on for a grace period (`doze config get quotaGrace`) and is ' +
    'then suspended; so is what is too much after a limit was lowered. `none` lifts a limit.';
  static override examples = [
    { description: 'ten hours of one CU in a month', command: 'doze project set team --max-cu-seconds 36000' },
    { description: 'a hundred hours awake', command: 'doze project set team --max-active-time 100h' },
    { description: 'lift a limit', command: 'doze project set team --max-computes none' },
    { description: 'tags', command: 'doze project set team --tag owner=ann --untag costCentre' },
  ];
  static override args = { name: projectArgument };
  static override flags = {
    ...projectFlags,
    untag: string({ description: 'take a tag away; may be repeated', helpValue: 'KEY', multiple: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ProjectSet);
    const name = this.projectName(args.name);
    const request = projectRequest(flags, flags.untag);
    if (Object.keys(request).length === 0) {
      throw new DozeError('USAGE', 'there is nothing to set', { hint: `doze project set ${name} --max-computes 10` });
    }
    const api = await this.api();
    const result = await api.projects.set(name, request, this.call);
    this.output.result(projectJson(result), projectSentence(result));
    if (result.changed) this.tip(`Next: doze project show ${name}`);
  }
}
