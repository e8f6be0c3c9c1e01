import { BaseCommand } from '../../lib/cli/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

export default class AgentStop extends BaseCommand {
  static override summary = 'stop the agent; computes go on running, the next agent adopts them';
  static override examples = ['doze agent stop'];

  async run(): Promise<void> {
    await this.open(AgentStop);
    this.requireLocal('doze agent stop');
    if (!(await this.isAgentRunning())) {
      this.output.result({ running: false, changed: false }, 'the agent is not running');
      return;
    }
    const api = await this.api();
    await this.progress.run('Stopping the agent', async () => {
      await api.agent.stop(this.call);
      await this.#awaitEnd();
    });
    this.output.result({ running: false, changed: true }, 'agent stopped; computes that were awake stay awake');
  }

  async #awaitEnd(): Promise<void> {
    const limitMs = this.clock.monotonicMs() + (this.timeoutMs ?? STOP_TIMEOUT_MS);
    while (await this.isAgentRunning()) {
      if (this.clock.monotonicMs() > limitMs) {
        throw new DozeError('TIMED_OUT', 'the agent has agreed to stop, but still answers', {
          hint: 'doze agent logs',
        });
      }
      await this.clock.sleep(POLL_MS, this.signal);
    }
  }
}
