import { boolean, string } from '@oclif/core/flags';

import { BaseCommand, computeArgument, leaseChange, parseChoice, parseCount } from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const MAX_CONNECTIONS = 10_000;

export default class ComputeSet extends BaseCommand {
  static override summary = 'change how sessions share connections to a compute, or when an ephemeral one ends';
  static override description =
    'With --pool transaction a session has a connection to the server from its first command to the end of its ' +
    'transaction, and then it is for whoever waits: many clients need few connections. Variables, prepared statements and ' +
    'the like go with the session; what cannot (a temporary table, a lock of GET_LOCK, LOCK TABLES) keeps its connection. ' +
    'Takes effect for sessions that begin from then on. Not to be confused with `doze pool`, which keeps spare instances ' +
    'for new computes. With --lease an ephemeral compute ends that long from now; with --keep it ends no more.';
  static override examples = [
    { description: 'many clients on few connections', command: 'doze compute set shop --pool transaction' },
    { description: '20 of them', command: 'doze compute set shop --pool-size 20' },
    { description: 'a connection for each client, as at first', command: 'doze compute set shop --pool off' },
    { description: 'half an hour more for an ephemeral one', command: 'doze compute set ci-42 --lease 30m' },
    { description: 'to stay until it is destroyed', command: 'doze compute set ci-42 --keep' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    pool: string({ description: 'whether its sessions share connections', helpValue: 'off|transaction' }),
    'pool-size': string({
      description: 'how many connections at most; a tenth of what its server takes if never set',
      helpValue: 'N',
    }),
    lease: string({
      description: 'when an ephemeral compute is destroyed, from now; none as --keep',
      helpValue: 'DURATION',
    }),
    keep: boolean({ description: 'have an ephemeral compute stay' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeSet);
    const name = this.computeName(args.name);
    const size = flags['pool-size'];
    const lease = leaseChange(name, flags);
    if (flags.pool === undefined && size === undefined && lease.leaseSeconds === undefined) {
      throw new DozeError('USAGE', 'there is nothing to set', { hint: `doze compute set ${name} --pool transaction` });
    }
    const request = {
      ...(flags.pool !== undefined && { pool: parseChoice(flags.pool, 'pool', ['off', 'transaction']) }),
      ...(size !== undefined && { poolSize: parseCount(size, 'pool-size', MAX_CONNECTIONS) }),
      ...lease,
    };
    const api = await this.api();
    const result = await this.progress.run(`Setting ${name}`, (report) =>
      api.computes.set(this.project, name, request, report, this.call),
    );
    this.noteAll(result);
    this.output.result(operationJson(result), operationText(result));
  }
}
