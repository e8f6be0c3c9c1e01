import { addAbortSignal, type Duplex } from 'node:stream';

import type { StartListener } from '../driver.ts';
import { readEveryLine, readFrames } from './frames.ts';
import type { DockerHome } from './home.ts';
import { readReport, type Order, type Report } from './supervisor.ts';

/** What an order leads to in the end; anything else that is said on the way is passed over. */
const LEADS_TO: Readonly<Record<Order, readonly Report['state'][]>> = {
  start: ['running'],
  park: ['parked'],
  state: ['running', 'ending', 'parked'],
};

export interface OrderOptions {
  /** HTTP statuses that mean that it does not run; without them they are failures. */
  readonly refusals?: readonly number[];
  /** Hears what follows over the same connection. */
  readonly listener?: StartListener | undefined;
}

/**
 * Gives an order to the supervisor of a running container, and waits for the state it leads to.
 * @returns null when the container ended instead
 */
export function giveOrder(
  home: Pick<DockerHome, 'api'>,
  containerId: string,
  order: Order,
  doing: string,
  signal: AbortSignal,
  { refusals = [], listener }: OrderOptions = {},
): Promise<Report | null> {
  const readAnswer = (line: string): Report | null => {
    const report = readReport(line);
    return report !== null && LEADS_TO[order].includes(report.state) ? report : null;
  };
  return askSupervisor(home, containerId, { order, readAnswer, refusals, listener }, doing, signal);
}

interface Question<Answer> extends OrderOptions {
  readonly order: string;
  /** Null for a line that is not the answer. */
  readonly readAnswer: (line: string) => Answer | null;
}

/** @returns null when the container ended instead of answering */
export async function askSupervisor<Answer>(
  { api }: Pick<DockerHome, 'api'>,
  containerId: string,
  question: Question<Answer>,
  doing: string,
  signal: AbortSignal,
): Promise<Answer | null> {
  const { listener, refusals = [] } = question;
  const stderr = listener !== undefined;
  const connection = (await api.runUnless(refusals, doing, signal, (docker) =>
    docker.getContainer(containerId).attach({ stream: true, stdin: true, stdout: true, stderr, hijack: true }),
  )) as Duplex | null;
  if (connection === null) return null;
  let goesOn = false;
  try {
    const answer = await api.run(doing, signal, () => converse(addAbortSignal(signal, connection), question));
    goesOn = stderr && answer !== null;
    return answer;
  } finally {
    if (!goesOn) connection.destroy();
  }
}

/** With a listener it reads on after the answer, until that has had enough. */
function converse<Answer>(connection: Duplex, question: Question<Answer>): Promise<Answer | null> {
  const { order, readAnswer, listener } = question;
  connection.write(`${order}\n`);
  return new Promise((resolve, reject) => {
    const read = async (): Promise<void> => {
      for await (const { stream, text } of readEveryLine(readFrames(connection))) {
        if (stream === 'stderr') {
          listener?.onLine(text);
          continue;
        }
        const answer = readAnswer(text);
        if (answer === null) continue;
        resolve(answer);
        if (listener === undefined || listener.signal.aborted) return;
        listener.onLaunched();
        addAbortSignal(listener.signal, connection);
      }
    };
    read().then(() => resolve(null), reject);
  });
}
