import { PayloadReader } from '../payload-reader.ts';
import { ERR_HEADER, PROGRESS_ERRNO } from './err.ts';

/** Sent before the real answer, as often as the server likes. https://mariadb.com/kb/en/progress-reporting/ */
export interface ProgressReport {
  readonly stage: number;
  readonly stages: number;
  /** Thousandths of a percent. */
  readonly progress: number;
  readonly info: string;
}

export function isProgressReport(payload: Buffer): boolean {
  return payload.length >= 3 && payload[0] === ERR_HEADER && payload.readUInt16LE(1) === PROGRESS_ERRNO;
}

export function readProgressReport(payload: Buffer): ProgressReport {
  const reader = new PayloadReader(payload, 3);
  reader.skip(1);
  const stage = reader.uint8();
  const stages = reader.uint8();
  const progress = reader.uint16() + reader.uint8() * 0x1_0000;
  return { stage, stages, progress, info: reader.lengthEncodedBytes().toString() };
}
