import { inOrder, TOP_ORDERS, type TopOrder } from './order.ts';
import type { TopEntry, TopLook } from './look.ts';

/** All that the screen shows, and nothing else. */
export interface TopState {
  /** Null before the first answer. */
  readonly look: TopLook | null;
  /** Why there is no newer look; null if there is. */
  readonly problem: string | null;
  readonly order: TopOrder;
  readonly isReversed: boolean;
  /** Null for all. */
  readonly project: string | null;
  /** Of a compute, so that it stays with it when rows change places; null for the first. */
  readonly selectedId: string | null;
  /** Of the row at the top of the window. */
  readonly firstRow: number;
  /** What became of what was asked for last. */
  readonly message: { readonly text: string; readonly isFailure: boolean } | null;
  readonly columns: number;
  readonly rows: number;
}

/** Lines around the table: totals, message, titles, keys. */
const FRAME_LINES = 4;

export function newTopState(
  options: Pick<TopState, 'order' | 'columns' | 'rows'> & { readonly isReversed?: boolean },
): TopState {
  return {
    look: null,
    problem: null,
    isReversed: false,
    project: null,
    selectedId: null,
    firstRow: 0,
    message: null,
    ...options,
  };
}

/** The computes that are shown, in order. */
export function entriesOf({ look, order, isReversed, project }: TopState): readonly TopEntry[] {
  const all = look?.computes ?? [];
  const shown = project === null ? all : all.filter((entry) => entry.project === project);
  return inOrder(shown, order, isReversed);
}

export function selectedRow(state: TopState, entries: readonly TopEntry[]): number {
  return Math.max(
    0,
    entries.findIndex(({ id }) => id === state.selectedId),
  );
}

/** Rows of the table that there is room for; one at least. */
export function windowRows({ rows }: Pick<TopState, 'rows'>): number {
  return Math.max(1, rows - FRAME_LINES);
}

/** Moves the window no more than it takes for the selected row to be in it. */
export function withSelection(state: TopState, row: number): TopState {
  const entries = entriesOf(state);
  const selected = Math.min(Math.max(0, row), Math.max(0, entries.length - 1));
  const room = windowRows(state);
  const last = Math.max(0, entries.length - room);
  const firstRow = Math.min(last, Math.max(selected - room + 1, Math.min(state.firstRow, selected)));
  return { ...state, selectedId: entries[selected]?.id ?? null, firstRow };
}

/** After what is shown has changed: the same compute is selected, or what is now in the place of one that is gone. */
export function settled(before: TopState, after: TopState): TopState {
  const entries = entriesOf(after);
  const isThere = entries.some(({ id }) => id === after.selectedId);
  return withSelection(after, isThere ? selectedRow(after, entries) : selectedRow(before, entriesOf(before)));
}

export function projectsOf({ look }: TopState): string[] {
  return [...new Set(look?.computes.map(({ project }) => project))].toSorted();
}

/** The next project, and after the last one all of them again. */
export function nextProject(state: TopState): string | null {
  const projects = projectsOf(state);
  return projects[state.project === null ? 0 : projects.indexOf(state.project) + 1] ?? null;
}

export function nextOrder(order: TopOrder, step: 1 | -1): TopOrder {
  const { length } = TOP_ORDERS;
  return TOP_ORDERS[(TOP_ORDERS.indexOf(order) + step + length) % length] ?? order;
}
