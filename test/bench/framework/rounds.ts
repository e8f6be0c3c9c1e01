import type { BenchContext } from './benchmark.ts';
import type { Rounds } from './alternate.ts';
import { roundsOf } from './options.ts';

/** The rounds of one comparison, and how far they are, for whoever waits. */
export function planRounds({ options, signal, progress }: BenchContext, label: string, usual: number): Rounds {
  const step = Math.max(1, Math.ceil(usual / 5));
  return {
    warmUp: options.isQuick ? 1 : 2,
    rounds: roundsOf(options, usual),
    signal,
    onRound: (done, rounds) => {
      if (done % step === 0 || done === rounds) progress(`${label}: round ${String(done)} of ${String(rounds)}`);
    },
  };
}
