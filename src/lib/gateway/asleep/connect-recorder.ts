import { recordNext, type ConnectStep } from './connect-book.ts';
import { isConnectTime } from './is-connect-time.ts';

const MAX_COMMANDS = 8;
const MAX_LENGTH = 4096;
const HEADER_LENGTH = 4;
const ERR_HEADER = 0xff;
const NOTHING = Buffer.alloc(0);

/** Writes down what the server says to the first commands of a session, as long as they are such that set up a client. */
export class ConnectRecorder {
  private step: ConnectStep;
  private packet: Buffer = NOTHING;
  private answer: Buffer = NOTHING;
  private commands = 0;

  /** @param step the session's login */
  constructor(step: ConnectStep) {
    this.step = step;
  }

  /** Bytes on their way to the server. @returns false when there is nothing more to write down */
  sent(chunk: Buffer, isBusy: boolean): boolean {
    const isWhole = chunk.length > HEADER_LENGTH && chunk.length === HEADER_LENGTH + chunk.readUIntLE(0, 3);
    if (isBusy || !isWhole || chunk.length > MAX_LENGTH || this.commands >= MAX_COMMANDS) return false;
    if (!isConnectTime(chunk.subarray(HEADER_LENGTH))) return false;
    this.commands += 1;
    this.packet = Buffer.from(chunk);
    this.answer = NOTHING;
    return true;
  }

  /** Bytes from the server. @returns false when there is nothing more to write down */
  received(chunk: Buffer, isBusy: boolean): boolean {
    this.answer = Buffer.concat([this.answer, chunk]);
    if (this.answer.length > MAX_LENGTH || this.answer[HEADER_LENGTH] === ERR_HEADER) return false;
    if (!isBusy) this.step = recordNext(this.step, this.packet, this.answer);
    return true;
  }
}
