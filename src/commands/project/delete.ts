import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, confirmName, projectArgument } from '../../lib/cli/index.ts';
import { projectJson, projectSentence } from '../../lib/cli/views/index.ts';

export default class ProjectDelete extends BaseCommand {
  static override summary = 'delete a project; what it used stays in the ledger';
  static override description =
    'Refused while the project has computes, unless --computes destroys them with it; their data is kept for a while then ' +
    '(`doze config get keepDestroyed`), unless it is purged. On a terminal it asks for the name; elsewhere --confirm has to ' +
    'give it.';
  static override examples = [
    { description: 'in a script', command: 'doze project delete team --confirm team' },
    { description: 'with all that is in it', command: 'doze project delete team --computes --purge --confirm team' },
  ];
  static override args = { name: projectArgument };
  static override flags = {
    confirm: string({ description: 'the name again, instead of being asked for it', helpValue: 'NAME' }),
    computes: boolean({ description: 'destroy its computes first' }),
    purge: boolean({ description: 'delete their data at once', dependsOn: ['computes'] }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ProjectDelete);
    const name = this.projectName(args.name);
    const { computes, purge } = flags;
    const also = `${computes ? ' --computes' : ''}${purge ? ' --purge' : ''}`;
    await confirmName({
      doing: `deleting project "${name}"`,
      name,
      consequence: `Project "${name}" is about to be deleted${computes ? ', and every compute of it destroyed' : ''}.`,
      given: flags.confirm,
      command: `doze project delete ${name}${also} --confirm ${name}`,
      isTerminal: this.isInteractive,
      signal: this.signal,
    });
    this.interrupt.explain(`the agent goes on deleting project "${name}"`, 'doze project list');
    const api = await this.api();
    const result = await this.progress.run(`Deleting ${name}`, (report) =>
      api.projects.delete(name, { computes, purge }, report, this.call),
    );
    const text = result.changed ? projectSentence(result) : `project ${name} was already deleted`;
    this.output.result(projectJson(result), text);
  }
}
