import type { HandContainer } from './by-hand/container.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { measureDockerWake } from './doze/docker-wake.ts';

export const wakeFrozen: Benchmark = {
  name: 'wake-frozen',
  what: "a client's connection to its first row, the compute frozen",
  dividedBy: '`docker unpause`, connect, row, by hand on the same data',
  target: 'p50 <= 1.3',
  measure: (context) =>
    measureDockerWake(context, {
      depth: 'frozen',
      limit: 1.3,
      rounds: 100,
      takeDown: (byHand: HandContainer) => byHand.pause(),
      bringUp: (byHand, how) => byHand.unpauseToFirstRow(how),
      baselines: [
        { name: 'docker unpause', how: 'command', network: 'own' },
        { name: "Docker's API, unpause", how: 'api', network: 'own' },
      ],
    }),
};
