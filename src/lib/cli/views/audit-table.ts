import type { AuditView } from '../../api/client/index.ts';
import { formatInstant } from './format.ts';
import { renderTable } from './table.ts';
import type { TableLook } from './token-table.ts';

export function auditTable(entries: readonly AuditView[], { width, paint }: TableLook): string {
  return renderTable<AuditView>(
    [
      { title: 'AT', text: ({ at }) => formatInstant(at) },
      { title: 'WHO', text: ({ who }) => who },
      { title: 'FROM', text: ({ from }) => from, spare: 1 },
      { title: 'WHAT', text: whatOf },
      { title: 'TARGET', text: ({ target }) => (target === '' ? '-' : target) },
      {
        title: 'OUTCOME',
        text: outcomeOf,
        paint: (text, { code }) => (code === null ? text : paint.bad(text)),
      },
    ],
    entries,
    { width, paintTitle: paint.strong },
  );
}

/** One entry as a line, for streams, where no column can be measured beforehand. */
export function auditLine(entry: AuditView): string {
  const { at, who, from, target } = entry;
  return `${formatInstant(at)}  ${who}  ${from}  ${whatOf(entry)}  ${target === '' ? '-' : target}  ${outcomeOf(entry)}`;
}

/** `POST /computes/:project/:name/start` */
function whatOf({ method, route }: AuditView): string {
  return `${method} ${route.replace(/^\/v\d+/, '')}`;
}

function outcomeOf({ status, code, count }: AuditView): string {
  const outcome = status === null ? 'no end known' : code === null ? String(status) : `${status} ${code}`;
  return count === 1 ? outcome : `${outcome} (${count} times)`;
}
