import type { Key } from './keys.ts';
import type { TopEntry } from './look.ts';
import {
  entriesOf,
  nextOrder,
  nextProject,
  selectedRow,
  settled,
  windowRows,
  withSelection,
  type TopState,
} from './state.ts';

/** What a key asks for besides another screen. */
export type TopEffect =
  { readonly kind: 'quit' | 'background' | 'redraw' } | { readonly kind: 'suspend' | 'wake'; readonly entry: TopEntry };

export interface Pressed {
  readonly state: TopState;
  readonly effect: TopEffect | null;
}

/** Pure. What a key does. */
export function press(state: TopState, key: Key): Pressed {
  const effect = effectOf(state, key);
  if (effect !== null) return { state, effect };
  // Read by now: it is about what was there before.
  const read = { ...state, message: null };
  return { state: moved(read, key) ?? arranged(read, key), effect: null };
}

function effectOf(state: TopState, key: Key): TopEffect | null {
  if (key === 'q' || key === 'Q' || key === 'ctrl-c' || key === 'ctrl-d') return { kind: 'quit' };
  if (key === 'ctrl-z') return { kind: 'background' };
  if (key === 'ctrl-l') return { kind: 'redraw' };
  if (key !== 's' && key !== 'w') return null;
  const entries = entriesOf(state);
  const entry = entries[selectedRow(state, entries)];
  return entry === undefined ? null : { kind: key === 's' ? 'suspend' : 'wake', entry };
}

/** Null for a key that moves nothing. */
function moved(state: TopState, key: Key): TopState | null {
  const entries = entriesOf(state);
  const row = selectedRow(state, entries);
  const page = windowRows(state);
  const target = {
    up: row - 1,
    k: row - 1,
    down: row + 1,
    j: row + 1,
    'page-up': row - page,
    'page-down': row + page,
    home: 0,
    g: 0,
    end: entries.length - 1,
    G: entries.length - 1,
  }[key];
  return target === undefined ? null : withSelection(state, target);
}

function arranged(state: TopState, key: Key): TopState {
  const change = arrangement(state, key);
  return change === null ? state : settled(state, { ...state, ...change });
}

function arrangement(state: TopState, key: Key): Partial<TopState> | null {
  if (key === 'o' || key === '>' || key === 'right') return { order: nextOrder(state.order, 1), isReversed: false };
  if (key === '<' || key === 'left') return { order: nextOrder(state.order, -1), isReversed: false };
  if (key === 'r') return { isReversed: !state.isReversed };
  return key === 'p' ? { project: nextProject(state) } : null;
}
