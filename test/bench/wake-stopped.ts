import type { HandContainer } from './by-hand/container.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { measureDockerWake } from './doze/docker-wake.ts';

export const wakeStopped: Benchmark = {
  name: 'wake-stopped',
  what: "a client's connection to its first row, the container stopped",
  dividedBy: '`docker start`, poll, row, by hand, same data and isolation',
  target: 'p50 <= 1.1',
  measure: (context) =>
    measureDockerWake(context, {
      depth: 'stopped',
      limit: 1.1,
      rounds: 50,
      takeDown: (byHand: HandContainer) => byHand.stop(),
      bringUp: (byHand, how) => byHand.startToFirstRow(how),
      baselines: [
        { name: 'docker start', how: 'command', network: 'own' },
        { name: "Docker's API, start", how: 'api', network: 'own' },
        { name: 'docker start, default bridge', how: 'command', network: 'default' },
      ],
    }),
};
