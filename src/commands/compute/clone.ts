import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';

import { BaseCommand, leaseFlags, leaseRequest } from '../../lib/cli/index.ts';
import { copyText, operationJson, operationText } from '../../lib/cli/views/index.ts';
import { parseName } from '../../lib/domain/index.ts';

export default class ComputeClone extends BaseCommand {
  static override summary = 'make a compute with the data of another';
  static override description =
    'The new compute has a name, a port and passwords of its own, and everything else as the source has it: database, ' +
    'users, engine, size. A source that sleeps is copied as it lies and stays asleep. One that is awake is frozen for the ' +
    'copy, and its clients wait for as long as that takes. Where the file system can share blocks (btrfs, XFS, APFS), ' +
    'that is a moment, and the clone takes room only for what changes; elsewhere it is a plain copy. The clone of an ' +
    'ephemeral compute lasts, unless it is made --ephemeral too. With --json the url has the password in it.';
  static override examples = [
    { description: 'a database for a branch', command: 'doze compute clone shop shop-feature-7' },
    {
      description: 'for a test, gone after two hours',
      command: 'doze compute clone seed ci-42 --ephemeral --lease 2h',
    },
    { description: 'as it was at a snapshot', command: 'doze compute clone shop shop-before --at before-migration' },
  ];
  static override args = {
    source: argument({ description: 'name of the compute to copy', required: true, ignoreStdin: true }),
    name: argument({ description: 'name of the new compute', required: true, ignoreStdin: true }),
  };
  static override flags = {
    at: string({ description: 'a snapshot of the source, instead of what it is now', helpValue: 'SNAPSHOT' }),
    ...leaseFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeClone);
    const source = this.computeName(args.source);
    const name = parseName(args.name);
    const request = {
      name,
      ...(flags.at !== undefined && { at: parseName(flags.at, 'snapshot') }),
      ...leaseRequest(name, flags),
    };
    this.interrupt.explain(`the agent goes on cloning "${source}"`, `doze compute wait ${name}`);
    const api = await this.api();
    const result = await this.progress.run(`Cloning ${source} to ${name}`, (report) =>
      api.computes.clone(this.project, source, request, report, this.call),
    );
    this.noteAll(result);
    const { url } = this.output.isJson
      ? await api.computes.connection(this.project, name, 'owner', this.call)
      : result.compute;
    const copied = result.copy === undefined ? '' : `\n${copyText(result.copy)}`;
    const text = this.output.isQuiet ? url : `${operationText(result)}${copied}\n${url}`;
    this.output.result({ ...operationJson(result), url }, text);
  }
}
