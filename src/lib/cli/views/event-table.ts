import type { EventView } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { formatInstant } from './format.ts';
import { renderTable } from './table.ts';

export function eventTable(events: readonly EventView[], width: number | null, paint: Paint): string {
  return renderTable<EventView>(
    [
      { title: 'AT', text: ({ at }) => formatInstant(at) },
      { title: 'COMPUTE', text: subjectText },
      { title: 'EVENT', text: ({ type }) => type },
      { title: 'FACTS', text: factsText, paint: paint.faint, spare: 1 },
    ],
    events,
    { width, paintTitle: paint.strong },
  );
}

/** One event as a line, for streams, where no column can be measured beforehand. */
export function eventLine(event: EventView): string {
  return `${formatInstant(event.at)}  ${subjectText(event)}  ${event.type}  ${factsText(event)}`.trimEnd();
}

/** What happened to the project itself has no compute. */
function subjectText({ compute }: EventView): string {
  return compute === '' ? '-' : compute;
}

/** `cause=wake totalMs=164` */
function factsText({ data }: EventView): string {
  return Object.entries(data)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
