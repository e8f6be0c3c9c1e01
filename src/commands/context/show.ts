import { string } from '@oclif/core/args';

import type { Self } from '../../lib/api/client/index.ts';
import { BaseCommand } from '../../lib/cli/index.ts';
import { contextDetails, contextJson, localContext } from '../../lib/cli/views/index.ts';
import { LOCAL_CONTEXT } from '../../lib/config/index.ts';
import { toDozeError, type DozeError } from '../../lib/errors/index.ts';

const ASK_MS = 10_000;

export default class ContextShow extends BaseCommand {
  static override summary = 'show an agent that commands can talk to, and what the token may there';
  static override description = 'Asks the agent; what it does not answer is shown as well. Never shows the token.';
  static override examples = ['doze context show', 'doze context show prod'];
  static override args = { name: string({ description: 'name of the context; the current one', ignoreStdin: true }) };

  async run(): Promise<void> {
    const { args } = await this.open(ContextShow);
    const name = args.name ?? this.context;
    if (name === LOCAL_CONTEXT) {
      const local = localContext(this.context);
      this.output.result(local, contextDetails(local, null, null));
      return;
    }
    const context = contextJson(this.contexts.require(name), name === this.context);
    let self: Self | null = null;
    let problem: DozeError | null = null;
    try {
      self = await this.#ask(name);
    } catch (thrown) {
      problem = toDozeError(thrown);
      if (problem.code === 'INTERRUPTED') throw problem;
    }
    const failure =
      problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint ?? null };
    this.output.result(
      { ...context, token: self?.token ?? null, agent: self?.agent ?? null, problem: failure },
      contextDetails(context, self, failure),
    );
    if (problem !== null) process.exitCode = problem.entry.exit;
  }

  async #ask(name: string): Promise<Self> {
    const { connectRemote } = await import('../../lib/cli/contexts/index.ts');
    const api = connectRemote(this.contexts.require(name), this.environment, this.config.version);
    try {
      return await api.access.self({ timeoutMs: ASK_MS, ...this.call, anyVersion: true });
    } finally {
      api.close();
    }
  }
}
