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
 * @returns null when the container ended instead
 */
export async function giveOrder(
  { api }: Pick<DockerHome, 'api'>,
  containerId: string,
  order: Order,
  doing: string,
  signal: AbortSignal,
): Promise<Report | null> {
  const connection = (await api.run(doing, signal, (docker) =>
    docker.getContainer(containerId).attach({ stream: true, stdin: true, stdout: true, stderr: false, hijack: true }),
  )) as Duplex;
  try {
    return await api.run(doing, signal, () => converse(addAbortSignal(signal, connection), order));
  } finally {
    connection.destroy();
  }
}

async function converse(connection: Duplex, order: Order): Promise<Report | null> {
  connection.write(`${order}\n`);
  for await (const line of readLines(readFrames(connection), 'stdout')) {
    const report = readReport(line);
    if (report !== null && LEADS_TO[order].includes(report.state)) return report;
  }
  return null;
}
