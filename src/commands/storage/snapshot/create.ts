import { string } from '@oclif/core/flags';

import { BaseCommand, storageArgument } from '../../../lib/cli/index.ts';
import { parseName } from '../../../lib/domain/index.ts';
import { DozeError } from '../../../lib/errors/index.ts';

export default class StorageSnapshotCreate extends BaseCommand {
  static override summary = 'have a Page Server keep what is readable now, or at an LSN';
  static override examples = [
    { description: 'of now', command: 'doze storage snapshot create ps-main --description "before the migration"' },
  ];
  static override args = { name: storageArgument };
  static override flags = {
    lsn: string({ description: 'of this LSN instead of the latest', helpValue: 'LSN' }),
    description: string({ description: 'what it is for', helpValue: 'TEXT' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(StorageSnapshotCreate);
    const name = parseName(args.name, 'storage service');
    const request = {
      ...(flags.lsn !== undefined && { lsn: parseLsn(flags.lsn) }),
      ...(flags.description !== undefined && { description: flags.description }),
    };
    const api = await this.api();
    const snapshot = await api.storage.snapshots.create(name, request, this.call);
    const at = snapshot.lsn === null ? '' : ` at LSN ${snapshot.lsn}`;
    this.output.result(snapshot, `snapshot ${snapshot.id} of ${name}${at}`);
  }
}

function parseLsn(text: string): number {
  const lsn = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(lsn)) return lsn;
  throw new DozeError('VALUE_INVALID', `"${text}" is not an LSN`, {
    hint: 'use a whole number, as storage status shows it',
  });
}
