import { Command, TextResultReader, type Capabilities, type TextAnswer } from '../../mysql/index.ts';
import { sentOn, type BackendLink } from '../backend-link.ts';
import { converse } from '../parking/conversation.ts';

const HEADER_LENGTH = 4;
/** None of the pool's own questions has a larger answer. */
const MAX_RESULT_LENGTH = 64 * 1024;

export interface BatchOutcome {
  readonly answers: readonly TextAnswer[];
  /** Everything sent on the connection up to and with each command. */
  readonly sentAfter: readonly number[];
}

/**
 * Commands sent at once, each answered with an OK, an error or one result. All are run, whatever comes of those before.
 * @throws BACKEND_LOST, TIMED_OUT
 */
export function runBatch(
  link: BackendLink,
  capabilities: Capabilities,
  commands: readonly Buffer[],
): Promise<BatchOutcome> {
  return converse(link, async (packets) => {
    const sentAfter: number[] = [];
    let sent = sentOn(link);
    link.socket.cork();
    for (const command of commands) {
      packets.command(command);
      sent += HEADER_LENGTH + command.length;
      sentAfter.push(sent);
    }
    link.socket.uncork();
    const answers: TextAnswer[] = [];
    for (const _ of commands) {
      const reader = new TextResultReader(capabilities, MAX_RESULT_LENGTH);
      let answer: TextAnswer | null = null;
      while (answer === null) answer = reader.push((await packets.read()).payload);
      answers.push(answer);
    }
    return { answers, sentAfter };
  });
}

export function query(sql: string): Buffer {
  return Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
}
