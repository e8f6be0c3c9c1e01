import { BaseCommand } from '../../lib/cli/index.ts';

export default class AgentMetrics extends BaseCommand {
  static override summary = 'print what a monitoring system wants to know';
  static override description =
    'In the text format of Prometheus, base units, as of this moment; the agent serves the same as GET /v1/metrics on ' +
    'its socket. Asking wakes nothing.';
  static override examples = [
    { description: "for node_exporter's textfile collector", command: 'doze agent metrics > doze.prom' },
  ];

  async run(): Promise<void> {
    await this.open(AgentMetrics);
    const api = await this.api();
    const text = await api.metrics(this.call);
    this.output.result({ format: 'prometheus', text }, text.trimEnd());
  }
}
