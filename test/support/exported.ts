import type { ExportFormat, RateCard } from '../../src/lib/domain/index.ts';
import { exportUsage, type HourUsage } from '../../src/lib/metering/index.ts';

interface Sources {
  readonly hours: readonly HourUsage[];
  readonly cards?: readonly RateCard[];
  /** How many hours are handed over at once. */
  readonly partSize?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ExportWindow {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** The parts that an export is written in. */
export async function exportedParts(format: ExportFormat, window: ExportWindow, sources: Sources): Promise<string[]> {
  const { hours, cards = [], partSize = 50, tags = {} } = sources;
  const parts = exportUsage(format, window, {
    async *hours({ sinceMs, untilMs }) {
      const inside = hours.filter(({ hourMs }) => hourMs >= sinceMs && hourMs < untilMs);
      for (let at = 0; at < inside.length; at += partSize) yield await Promise.resolve(inside.slice(at, at + partSize));
    },
    cards,
    homeId: 'home1234',
    tagsOf: () => tags,
  });
  const written: string[] = [];
  for await (const part of parts) written.push(part);
  return written;
}

export async function exported(format: ExportFormat, window: ExportWindow, sources: Sources): Promise<string> {
  return (await exportedParts(format, window, sources)).join('');
}
