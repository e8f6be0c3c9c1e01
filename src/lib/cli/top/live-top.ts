import type { TopView } from '../../api/client/index.ts';
import { abortReason, untilAborted, type Clock } from '../../clock.ts';
import { toDozeError } from '../../errors/index.ts';
import type { Paint } from '../colour.ts';
import type { Key } from './keys.ts';
import { topLines } from './lines.ts';
import { compareLooks, type TopEntry } from './look.ts';
import type { TopOrder } from './order.ts';
import { press } from './press.ts';
import { newTopState, settled, type TopState } from './state.ts';
import { takeTerminal } from './terminal.ts';

export interface LiveTopOptions {
  ask(): Promise<TopView>;
  /** @returns what was done, for people */
  act(verb: 'suspend' | 'wake', entry: TopEntry): Promise<string>;
  readonly clock: Clock;
  readonly paint: Paint;
  readonly order: TopOrder;
  readonly isReversed: boolean;
  readonly intervalMs: number;
  /** Ends it: by a signal from outside, as in raw mode Ctrl-C is a key. */
  readonly signal: AbortSignal;
}

/** The second look comes soon: only then are there any queries per second. */
const FIRST_INTERVAL_MS = 1_000;

/**
 * Shows the table until somebody quits. The first look is taken before the terminal: what fails then fails as in any command.
 * Later ones may fail; the last that did not stays on the screen, with the reason.
 * @throws what the first look throws, the signal's reason
 */
export async function runLiveTop(options: LiveTopOptions): Promise<void> {
  const { clock, signal } = options;
  const first = await options.ask();
  const ended = new AbortController();
  const quit = (): void => ended.abort();
  signal.addEventListener('abort', quit, { once: true });
  {
    using view = createView(options, first, quit);
    for (let ms = Math.min(FIRST_INTERVAL_MS, options.intervalMs); ; ms = options.intervalMs) {
      await pause(clock, ms, AbortSignal.any([ended.signal, view.nudge()]));
      if (ended.signal.aborted) break;
      await untilAborted(view.look(), ended.signal).catch(() => undefined);
    }
  }
  signal.removeEventListener('abort', quit);
  if (signal.aborted) throw abortReason(signal);
}

interface View extends Disposable {
  look(): Promise<void>;
  /** Aborted when there is something to look at sooner. */
  nudge(): AbortSignal;
}

function createView(options: LiveTopOptions, first: TopView, quit: () => void): View {
  const { clock, paint } = options;
  let nudge = new AbortController();
  let last = { view: first, atMs: clock.monotonicMs() };
  const terminal = takeTerminal({ onKey, onResize: resized, onGone: quit });
  let state = newTopState({ order: options.order, isReversed: options.isReversed, ...terminal.size });
  change({ look: compareLooks(null, first, 0) });

  function change(changes: Partial<TopState>): void {
    state = settled(state, { ...state, ...changes });
    terminal.draw(topLines(state, Date.parse(last.view.at), paint));
  }

  function resized(): void {
    change(terminal.size);
  }

  function onKey(key: Key): void {
    const pressed = press(state, key);
    const { effect } = pressed;
    if (effect?.kind === 'quit') quit();
    else if (effect?.kind === 'background') terminal.toBackground();
    else if (effect?.kind === 'suspend' || effect?.kind === 'wake') void act(effect.kind, effect.entry);
    if (effect?.kind === 'redraw') terminal.redraw();
    state = pressed.state;
    change({});
  }

  async function act(verb: 'suspend' | 'wake', entry: TopEntry): Promise<void> {
    const doing = verb === 'suspend' ? 'suspending' : 'waking';
    change({ message: { text: `${doing} ${entry.name} ...`, isFailure: false } });
    try {
      change({ message: { text: await options.act(verb, entry), isFailure: false } });
    } catch (error) {
      change({ message: { text: failureText(error), isFailure: true } });
    }
    nudge.abort();
  }

  return {
    async look() {
      // What happens from here on this look may miss.
      nudge = new AbortController();
      try {
        const view = await options.ask();
        const atMs = clock.monotonicMs();
        const look = compareLooks(last.view, view, atMs - last.atMs);
        last = { view, atMs };
        change({ look, problem: null });
      } catch (error) {
        change({ problem: `no answer since ${last.view.at.slice(11, 19)} UTC: ${failureText(error)}` });
      }
    },
    nudge: () => nudge.signal,
    [Symbol.dispose]: () => terminal[Symbol.dispose](),
  };
}

function failureText(error: unknown): string {
  const { message, hint } = toDozeError(error);
  return hint === undefined ? message : `${message} (next: ${hint})`;
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
