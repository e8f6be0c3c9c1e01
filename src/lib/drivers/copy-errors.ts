import { DozeError } from '../errors/index.ts';
import type { CopyRequest, DataRef } from './driver.ts';
import { COPY_EXIT } from './copy-script.ts';

/** How the copy script ended, as an error. */
export function copyFailure(request: CopyRequest, exitCode: number | undefined, logTail: readonly string[]): DozeError {
  const details = { exitCode, logTail };
  if (exitCode === COPY_EXIT.diskFull) {
    return new DozeError('DISK_FULL', `there is no room for a copy of ${dataText(request.from, request)}`, {
      hint: 'free some space, then type the command again',
      details,
    });
  }
  if (exitCode === COPY_EXIT.outside) {
    const what = 'has links to files elsewhere, which a copy would share with it';
    return new DozeError('CLONE_UNSUPPORTED', `${dataText(request.from, request)} ${what}`, {
      hint: 'put the files in the place of their links, then type the command again',
      details,
    });
  }
  if (exitCode === COPY_EXIT.sourceMissing) return dataMissing(request);
  return new DozeError('INTERNAL', `${dataText(request.from, request)} could not be copied`, { details });
}

export function dataMissing({ from, spec }: Pick<CopyRequest, 'from' | 'spec'>): DozeError {
  const text = dataText(from, { spec });
  return new DozeError(from.snapshotId === null ? 'INSTANCE_LOST' : 'SNAPSHOT_LOST', `${text} is gone`, {
    hint: from.snapshotId === null ? 'doze compute list' : `doze compute snapshot list ${spec.name}`,
  });
}

/** A copy of what a server writes to would be torn. */
export function stillRunning(data: DataRef): DozeError {
  return new DozeError('STATE_CONFLICT', `the data of compute ${data.computeId} is in use by its server`, {
    hint: 'doze compute list',
  });
}

function dataText(data: DataRef, { spec }: Pick<CopyRequest, 'spec'>): string {
  const whose =
    data.computeId === spec.computeId ? `compute "${spec.name}"` : `the compute that "${spec.name}" is a clone of`;
  return data.snapshotId === null ? `the data of ${whose}` : `the data of a snapshot of ${whose}`;
}
