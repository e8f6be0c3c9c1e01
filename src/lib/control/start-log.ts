import type { Clock } from '../clock.ts';
import type { StartListener } from '../drivers/index.ts';
import { START_PHASES, type Engine, type Listening, type StartPhase } from '../engines/index.ts';

/**
 * How a server came up, by its own log: what the lines say is the engine's knowledge, and when they came is all that is
 * measured here. Costs the start nothing, and nothing but its figures depends on it.
 */
export interface StartLog extends Disposable {
  readonly listener: StartListener;
  readonly listening: Listening;
  /**
   * Lengths of the parts of the start in order, in milliseconds, or null if nothing was heard. The last line may be on
   * its way yet when the server answers, which it cannot do before it.
   * @param answeredMs monotonic time at which it did
   */
  phasesMs(answeredMs: number): Readonly<Record<string, number>> | null;
}

export function createStartLog(engine: Pick<Engine, 'startPhaseEndedBy'>, clock: Clock): StartLog {
  const ended = new AbortController();
  const begun = Promise.withResolvers<void>();
  const endsMs = new Map<StartPhase, number>();
  let launchedMs = clock.monotonicMs();
  let stage: Listening['stage'] = 'silent';

  const hear = (line: string): void => {
    const phase = engine.startPhaseEndedBy(line);
    if (phase === null || endsMs.has(phase)) return;
    endsMs.set(phase, clock.monotonicMs());
    if (phase === 'listen' || phase === 'accounts') {
      stage = 'begun';
      begun.resolve();
    } else if (stage === 'silent') {
      stage = 'starting';
    }
  };
  return {
    listener: {
      onLaunched: () => void (launchedMs = clock.monotonicMs()),
      onLine: hear,
      signal: ended.signal,
    },
    listening: {
      get stage() {
        return stage;
      },
      begun: begun.promise,
    },
    phasesMs(answeredMs) {
      if (endsMs.has('listen') && !endsMs.has('accounts')) endsMs.set('accounts', answeredMs);
      return endsMs.size === 0 ? null : lengthsOf(endsMs, launchedMs, answeredMs);
    },
    [Symbol.dispose]: () => ended.abort(),
  };
}

function lengthsOf(
  endsMs: ReadonlyMap<StartPhase, number>,
  launchedMs: number,
  answeredMs: number,
): Record<string, number> {
  const lengths: Record<string, number> = {};
  let lastMs = launchedMs;
  for (const phase of START_PHASES) {
    // A line takes a moment to come here; the answer may overtake it.
    const endMs = Math.min(endsMs.get(phase) ?? lastMs, answeredMs);
    if (!endsMs.has(phase)) continue;
    lengths[phase] = Math.max(0, endMs - lastMs);
    lastMs = Math.max(lastMs, endMs);
  }
  return lengths;
}
