import type { Check } from '../lib/api/client/index.ts';
import { BaseCommand, checkNode } from '../lib/cli/index.ts';
import { checkList } from '../lib/cli/views/index.ts';
import { catalogue, toDozeError } from '../lib/errors/index.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'check what this machine has, and say how to mend the rest';
  static override description = 'Exits with 8 when something that is needed is missing. Starts the agent if need be.';
  static override examples = [
    'doze doctor',
    { description: 'only what is wrong', command: 'doze doctor --json | jq \'.[]|select(.status=="failed")\'' },
  ];

  async run(): Promise<void> {
    await this.open(Doctor);
    const checks = [checkNode(process.version), ...(await this.progress.run('Looking around', () => this.#ask()))];
    this.output.result(checks, checkList(checks, this.output.paint));
    if (checks.some((check) => check.status === 'failed')) process.exitCode = catalogue.DOCKER_UNAVAILABLE.exit;
  }

  /** An agent that cannot start is a finding, not the end of the examination. */
  async #ask(): Promise<readonly Check[]> {
    try {
      const api = await this.api();
      return await api.doctor(this.call);
    } catch (thrown) {
      const error = toDozeError(thrown);
      // Neither is it a finding that somebody may not ask.
      const mayNot = error.entry.exit === catalogue.NOT_ALLOWED.exit;
      if (mayNot || error.code === 'INTERRUPTED' || error.code === 'TIMED_OUT') throw error;
      return [{ name: 'agent', status: 'failed', summary: error.message, hint: error.hint ?? null }];
    }
  }
}
