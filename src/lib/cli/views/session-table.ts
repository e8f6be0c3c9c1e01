import type { SessionView } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatAmount } from './format.ts';
import { renderTable } from './table.ts';

export interface SessionTableOptions {
  readonly nowMs: number;
  readonly width: number | null;
  readonly paint: Paint;
}

export function sessionTable(sessions: readonly SessionView[], { nowMs, width, paint }: SessionTableOptions): string {
  const ago = (iso: string): string => formatDuration(wholeSeconds(nowMs - Date.parse(iso)));
  return renderTable<SessionView>(
    [
      { title: 'ID', text: ({ id }) => String(id) },
      { title: 'COMPUTE', text: ({ compute }) => compute },
      { title: 'CLIENT', text: ({ client }) => client, spare: 1 },
      { title: 'USER', text: ({ user }) => user, spare: 2 },
      {
        title: 'STATE',
        text: ({ state }) => state,
        paint: (text, { keepsCompute }) => (keepsCompute ? paint.careful(text) : paint.faint(text)),
      },
      { title: 'FOR', text: ({ stateSince }) => ago(stateSince), align: 'right' },
      { title: 'LAST COMMAND', text: ({ lastCommandAt }) => `${ago(lastCommandAt)} ago`, align: 'right', spare: 3 },
      { title: 'WHY', text: ({ why }) => why ?? '' },
    ],
    sessions,
    { width, paintTitle: paint.strong },
  );
}

/** `1 session keeps shop awake or from going deeper, 19 others do not (--all lists them)` */
export function sessionSentence(shown: number, others: number, where: string): string {
  const keeping = `${formatAmount(shown, 'session')} ${shown === 1 ? 'keeps' : 'keep'} ${where} awake or from going deeper`;
  if (others === 0) return keeping;
  return `${keeping}; ${formatAmount(others, 'other')} ${others === 1 ? 'does' : 'do'} not: doze session list --all`;
}

export function sessionText({ id, compute, user, client, why }: SessionView): string {
  return `session ${id} of ${compute} ended: ${user} from ${client}${why === null ? '' : `, which ${why}`}`;
}

function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000) * 1000);
}
