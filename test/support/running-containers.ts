import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type Dockerode from 'dockerode';

/** How many containers of a home ran at the same time, by Docker's own account from now on. */
export interface RunningWatch extends Disposable {
  readonly most: number;
  readonly starts: number;
}

export async function watchRunning(docker: Dockerode, homeId: string): Promise<RunningWatch> {
  const filters = JSON.stringify({ type: ['container'], label: [`doze.home=${homeId}`], event: ['start', 'die'] });
  const events = (await docker.getEvents({ filters })) as unknown as Readable;
  const running = new Set<string>();
  let most = 0;
  let starts = 0;
  createInterface({ input: events }).on('line', (line) => {
    const { Action: action, id } = JSON.parse(line) as { Action: string; id: string };
    if (action === 'die') running.delete(id);
    else {
      running.add(id);
      starts += 1;
      most = Math.max(most, running.size);
    }
  });
  return {
    get most() {
      return most;
    },
    get starts() {
      return starts;
    },
    [Symbol.dispose]: () => events.destroy(),
  };
}
