import { addAbortSignal, type Duplex } from 'node:stream';

import { readFrames, readLines } from './frames.ts';
import type { DockerHome } from './home.ts';
import { readReport, type Order, type Report } from './supervisor.ts';

/** What an order leads to in the end; anything else that is said on the way is passed over. */
const LEADS_TO: Readonly<Record<Order, readonly Report['state'][]>> = {
  start: ['running'],
  park: ['parked'],
  state: ['running', 'ending', 'parked'],
};

/**
 * Gives an order to the supervisor of a running container, and waits for the state it leads to.
 * @param refusals HTTP statuses that mean that it does not run; without them they are failures
 * @returns null when the container ended instead
 */
export function giveOrder(
  home: Pick<DockerHome, 'api'>,
  containerId: string,
  order: Order,
  doing: string,
  signal: AbortSignal,
  refusals: readonly number[] = [],
): Promise<Report | null> {
  const readAnswer = (line: string): Report | null => {
    const report = readReport(line);
    return report !== null && LEADS_TO[order].includes(report.state) ? report : null;
  };
  return askSupervisor(home, containerId, { order, readAnswer, refusals }, doing, signal);
}

interface Question<Answer> {
  readonly order: string;
  /** Null for a line that is not the answer. */
  readonly readAnswer: (line: string) => Answer | null;
  readonly refusals?: readonly number[];
}

/** @returns null when the container ended instead of answering */
export async function askSupervisor<Answer>(
  { api }: Pick<DockerHome, 'api'>,
  containerId: string,
  question: Question<Answer>,
  doing: string,
  signal: AbortSignal,
): Promise<Answer | null> {
  const connection = (await api.runUnless(question.refusals ?? [], doing, signal, (docker) =>
    docker.getContainer(containerId).attach({ stream: true, stdin: true, stdout: true, stderr: false, hijack: true }),
  )) as Duplex | null;
  if (connection === null) return null;
  try {
    return await api.run(doing, signal, () => converse(addAbortSignal(signal, connection), question));
  } finally {
    connection.destroy();
  }
}

async function converse<Answer>(connection: Duplex, { order, readAnswer }: Question<Answer>): Promise<Answer | null> {
  connection.write(`${order}\n`);
  for await (const line of readLines(readFrames(connection), 'stdout')) {
    const answer = readAnswer(line);
    if (answer !== null) return answer;
  }
  return null;
}
