import { formatDuration } from '../../domain/index.ts';
import { formatBytes, formatCount } from '../views/format.ts';
import type { Column } from '../views/table.ts';
import type { TopEntry } from './look.ts';
import { whyText } from './why.ts';

/** What is not known, and what there is none of, are told apart. */
const UNKNOWN = '-';

/** A reason is as long as it is, and has what room is left. */
export function whyColumn(nowMs: number): Column<TopEntry> {
  return { title: 'WHY', text: (entry) => whyText(entry, nowMs) };
}

/** All else that there is to say of a compute. `spare` says what a narrow terminal goes without. */
export function topColumns(): readonly Column<TopEntry>[] {
  return [
    { title: 'NAME', text: ({ name }) => name },
    { title: 'PROJECT', text: ({ project }) => project, spare: 5 },
    { title: 'STATE', text: ({ state }) => state },
    { title: 'DEPTH', text: ({ depth }) => depth ?? UNKNOWN, spare: 6 },
    { title: 'SESSIONS', text: ({ sessions }) => formatCount(sessions), align: 'right', spare: 1 },
    { title: 'QUERIES/S', text: queriesText, align: 'right' },
    { title: 'CU', text: cuText, align: 'right', spare: 2 },
    { title: 'MEMORY', text: ({ memoryBytes }) => memoryText(memoryBytes), align: 'right', spare: 4 },
    { title: 'AWAKE TODAY', text: awakeText, align: 'right', spare: 3 },
  ];
}

/** In one column, where there is no room for two: `parked` says `suspended` as well. */
export function stateOrDepth({ state, depth }: TopEntry): string {
  return state === 'suspended' ? (depth ?? state) : state;
}

/** `12.4`, `1,204` */
function queriesText({ queriesPerSecond }: Pick<TopEntry, 'queriesPerSecond'>): string {
  if (queriesPerSecond === null) return UNKNOWN;
  return queriesPerSecond >= 100 || Number.isInteger(queriesPerSecond)
    ? formatCount(Math.round(queriesPerSecond))
    : queriesPerSecond.toFixed(1);
}

/** `0.5/2`: the size that it has, of what it may grow to; `0/2` asleep, as it takes nothing of the host then. */
function cuText({ state, size }: TopEntry): string {
  const isAwake = state === 'active' || state === 'creating' || state === 'resuming';
  return `${isAwake ? size.now : 0}/${size.max}`;
}

function memoryText(bytes: number | null): string {
  return bytes === null ? UNKNOWN : formatBytes(bytes);
}

function awakeText({ awakeTodaySeconds }: TopEntry): string {
  return formatDuration(Math.floor(awakeTodaySeconds) * 1000).replace(/^0 ms$/, '0 s');
}
