import type { ComputeDetail } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatInstant } from './format.ts';
import { renderTable } from './table.ts';

type Wake = NonNullable<ComputeDetail['lastWake']>;

/** `wake from parked in 164 ms` */
export function wakePhases(wake: Wake): string {
  const from = wake.fromDepth === null ? '' : ` from ${wake.fromDepth}`;
  return `${wake.cause}${from} in ${formatDuration(wake.totalMs)}`;
}

/** Where the time of the last start went, phase by phase. */
export function wakeTable(wake: Wake, width: number | null, paint: Paint): string {
  const phases = Object.entries(wake.phasesMs).map(([name, ms]) => ({ name, ms }));
  const { clientMs } = wake;
  const rows =
    clientMs === null
      ? [...phases, { name: 'total', ms: wake.totalMs }]
      : [
          { name: 'client: handshake', ms: clientMs.handshake },
          ...phases,
          { name: 'client: login', ms: clientMs.login },
          { name: 'total', ms: clientMs.handshake + wake.totalMs + clientMs.login },
        ];
  const totalMs = rows.at(-1)?.ms ?? wake.totalMs;
  const tables = [
    phaseTable('PHASE', rows, totalMs, width, paint),
    ...(wake.serverPhasesMs === null ? [] : [serverTable(wake.serverPhasesMs, totalMs, width, paint)]),
  ];
  return `${formatInstant(wake.at)}: ${wakePhases(wake)}\n${tables.join('\n\n')}`;
}

/** What the server was at meanwhile: its start begins within `driver` and ends within `login`. */
function serverTable(
  phasesMs: Readonly<Record<string, number>>,
  totalMs: number,
  width: number | null,
  paint: Paint,
): string {
  const rows = Object.entries(phasesMs).map(([name, ms]) => ({ name, ms }));
  const all = { name: 'all of it', ms: rows.reduce((sum, { ms }) => sum + ms, 0) };
  return phaseTable("SERVER'S OWN START", [...rows, all], totalMs, width, paint);
}

interface PhaseRow {
  readonly name: string;
  readonly ms: number;
}

function phaseTable(
  title: string,
  rows: readonly PhaseRow[],
  totalMs: number,
  width: number | null,
  paint: Paint,
): string {
  return renderTable(
    [
      { title, text: ({ name }) => name },
      { title: 'MS', text: ({ ms }) => ms.toFixed(1), align: 'right' },
      {
        title: 'SHARE',
        text: ({ ms }) => `${((100 * ms) / Math.max(totalMs, 0.001)).toFixed(0)}%`,
        align: 'right',
      },
    ],
    rows,
    { width, paintTitle: paint.strong },
  );
}
