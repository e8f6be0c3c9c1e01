import type { AgentStatus as Status } from '../../lib/api/client/index.ts';
import { BaseCommand } from '../../lib/cli/index.ts';
import { formatBytes, formatCu, formatInstant, remoteText } from '../../lib/cli/views/index.ts';
import { catalogue } from '../../lib/errors/index.ts';

export default class AgentStatus extends BaseCommand {
  static override summary = 'show the agent; does not start it';
  static override description = 'Exits with 3 when no agent is running.';
  static override examples = [{ description: 'in a script', command: 'doze agent status --quiet || doze agent start' }];

  async run(): Promise<void> {
    await this.open(AgentStatus);
    if (!this.isRemote && !(await this.isAgentRunning())) {
      process.exitCode = catalogue.COMPUTE_NOT_FOUND.exit;
      this.output.result({ running: false, home: this.environment.paths.home }, 'the agent is not running');
      this.tip('Next: doze agent start');
      return;
    }
    const api = await this.api();
    const status = await api.agent.status(this.call);
    this.output.result({ running: true, ...status }, describe(status));
  }
}

function describe(status: Status): string {
  const computes = Object.entries(status.computes).map(([state, count]) => `${count} ${state}`);
  return [
    `running   pid ${status.pid} since ${formatInstant(status.startedAt)}`,
    `version   doze ${status.version} on Node.js ${status.node}`,
    `computes  ${computes.length === 0 ? 'none' : computes.join(', ')}`,
    ...(status.ledgerProblem === null ? [] : [`ledger    ${ledgerText(status.ledgerProblem)}`]),
    ...status.hosts.map((host) => `awake     ${awakeText(host)}`),
    `gateway   ${status.gateway.host}, shared port ${status.gateway.sharedPort}`,
    ...remoteText(status.remote),
    `memory    ${formatBytes(status.rssBytes)}`,
    `home      ${status.home}`,
    `socket    ${status.socket}`,
    `log       ${status.log}`,
  ].join('\n');
}

function ledgerText({ message, since }: NonNullable<Status['ledgerProblem']>): string {
  return `not written since ${formatInstant(since)}, and billed later: ${message}`;
}

/** `2 of 46 CU on this host, 1 waits` */
function awakeText({ host, awakeCu, limitCu, waiting }: Status['hosts'][number]): string {
  const amount = limitCu === null ? formatCu(awakeCu) : `${awakeCu} of ${formatCu(limitCu)}`;
  return `${amount} on ${host}${waiting === 0 ? '' : `, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}`}`;
}
