import { DozeError } from '../../errors/index.ts';
import type { Capabilities } from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import { converse } from '../parking/conversation.ts';
import { askOnLink } from '../parking/sql-on-link.ts';
import type { ConnectStep } from './connect-book.ts';

const HEADER_LENGTH = 4;

/** What a client was told that came in while its server slept, and what the server has still to be told of it. */
export class EarlyAnswers {
  private step: ConnectStep;
  private owed: Buffer[] = [];
  /** It was at the server: what its session is by now is not what is known of others at its beginning. */
  private isOver = false;

  /** @param step the client's login */
  constructor(step: ConnectStep) {
    this.step = step;
  }

  /** @returns what the server would say to this command, which is owed to it from now on; null when that is not known */
  answerTo(packet: Buffer): Buffer | null {
    const next = this.step.next.get(packet.toString('latin1'));
    if (next === undefined || this.isOver) return null;
    // The client's next bytes come in the same buffer.
    this.owed.push(Buffer.from(packet.subarray(HEADER_LENGTH)));
    this.step = next;
    return next.answer;
  }

  /**
   * Tells the server what its session was answered for it.
   * @returns whether there was anything
   * @throws SQL_FAILED when it would have said something else, and what a lost connection throws
   */
  async settle(link: BackendLink, capabilities: Capabilities): Promise<boolean> {
    const { owed } = this;
    this.owed = [];
    this.isOver = true;
    if (owed.length === 0) return false;
    await converse(link, async (packets) => {
      for (const payload of owed) {
        const answer = await askOnLink(packets, capabilities, payload);
        if (answer.kind === 'err') throw refused(answer.err.message);
      }
    });
    return true;
  }
}

function refused(message: string): DozeError {
  return new DozeError('SQL_FAILED', `what set it up is refused by now: ${message}`);
}
