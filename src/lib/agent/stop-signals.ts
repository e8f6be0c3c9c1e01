import { DozeError } from '../errors/index.ts';

export interface StopSignals extends Disposable {
  /** Aborts at the first signal, or when asked otherwise. */
  readonly stop: AbortSignal;
  /** Aborts at the second signal. */
  readonly hurry: AbortSignal;
  request(): void;
  requestAtOnce(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The first signal ends the agent in order, the second one at once. */
export function listenForSignals(source: NodeJS.EventEmitter = process): StopSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  const reason = (): DozeError => new DozeError('AGENT_STOPPING', 'the agent was asked to stop');
  const onSignal = (): void => (stop.signal.aborted ? hurry : stop).abort(reason());
  for (const name of SIGNALS) source.on(name, onSignal);
  return {
    stop: stop.signal,
    hurry: hurry.signal,
    request: () => stop.abort(reason()),
    requestAtOnce() {
      stop.abort(reason());
      hurry.abort(reason());
    },
    [Symbol.dispose]() {
      for (const name of SIGNALS) source.off(name, onSignal);
    },
  };
}
