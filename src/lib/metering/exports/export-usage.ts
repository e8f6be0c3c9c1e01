import { monthOf, type ExportFormat, type RateCard } from '../../domain/index.ts';
import type { HourUsage } from '../hourly.ts';
import type { Window } from '../window.ts';
import { createRater } from '../money/rater.ts';
import { usageEvents } from './cloud-events.ts';
import { focusHeader, focusRows, type TagsOf } from './focus.ts';
import { plainHeader, plainHour, plainLine } from './plain-hours.ts';
import { createRunningAmounts } from './running-amounts.ts';

export interface ExportSources {
  /** The hours of a window in their order, a part at a time. */
  readonly hours: (window: Window) => AsyncIterable<readonly HourUsage[]>;
  readonly cards: readonly RateCard[];
  readonly homeId: string;
  readonly tagsOf: TagsOf;
}

/** How a format writes: before, for each hour, after. */
interface Writer {
  readonly head: string;
  hour(hour: HourUsage): string;
  readonly tail: string;
  /** Whether what it writes of an hour depends on those before it in the month. */
  readonly knowsMonth: boolean;
}

/** What has happened by now may be on record a little later. */
const SETTLED_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
/** Of the text that is handed on at once. */
const PART_LENGTH = 64 * 1024;

/** The end of the last hour of which all is on record. */
export function completeUntil(nowMs: number): number {
  return Math.floor((nowMs - SETTLED_MS) / HOUR_MS) * HOUR_MS;
}

/** Text in parts of a bounded length. @param window whole hours */
export async function* exportUsage(
  format: ExportFormat,
  window: Window,
  sources: ExportSources,
): AsyncGenerator<string, void, undefined> {
  const writer = writerOf(format, sources);
  const { sinceMs, untilMs } = window;
  const firstMs = writer.knowsMonth ? monthOf(sinceMs).beginMs : sinceMs;
  yield writer.head;
  for await (const hours of sources.hours({ sinceMs: firstMs, untilMs })) {
    let text = '';
    for (const hour of hours) {
      const written = writer.hour(hour);
      if (hour.hourMs >= sinceMs) text += written;
      if (text.length < PART_LENGTH) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
  }
  yield writer.tail;
}

function writerOf(format: ExportFormat, { cards, homeId, tagsOf }: ExportSources): Writer {
  switch (format) {
    case 'focus': {
      const rater = createRater(cards);
      const amounts = createRunningAmounts();
      const rows = (hour: HourUsage): string =>
        rater
          .rate(hour)
          .map((charge) => focusRows(charge, amounts, homeId, tagsOf))
          .join('');
      return { head: focusHeader(), hour: rows, tail: '', knowsMonth: true };
    }
    case 'cloudevents': {
      const events = (hour: HourUsage): string =>
        usageEvents(hour, homeId)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join('');
      return { head: '', hour: events, tail: '', knowsMonth: false };
    }
    case 'csv':
      return { head: plainHeader(), hour: plainLine, tail: '', knowsMonth: false };
    case 'json': {
      let separator = '\n';
      const object = (hour: HourUsage): string => {
        const text = `${separator}${JSON.stringify(plainHour(hour))}`;
        separator = ',\n';
        return text;
      };
      return { head: '[', hour: object, tail: '\n]\n', knowsMonth: false };
    }
  }
}
