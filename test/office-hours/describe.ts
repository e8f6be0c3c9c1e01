import { formatSizeRange } from '../../src/lib/domain/index.ts';
import { mostCores } from './demand.ts';
import { dayChart, demandChart } from './chart.ts';
import type { Day } from './live-through.ts';
import type { Comparison } from './policies.ts';

/** The page of the documents. */
export function describeDays(comparison: Comparison): string {
  const { demand, alwaysOn, suspendOnly, autoscaling } = comparison;
  const most = alwaysOn.policy.size.max;
  const chartOf = (day: Day): readonly string[] => [
    `${capitalised(day.policy.name)}: CU`,
    '',
    fenced(dayChart(day, most)),
    '',
  ];
  return [
    '# A day of office hours',
    '',
    'Written by `npm run docs` from a simulation; nothing here is measured. An application that an office uses, for a day: people from',
    'half past seven to eight in the evening with a lunch break, a few reports over more data than everybody else needs, an import',
    "each hour, a heavy job at two in the night. The day is made from a seed (`test/office-hours/`). doze's own control plane lives",
    'through it three times, on a clock that is moved: its idle watch, ladder, load watch, size planner and ledger, with a driver and a',
    `gate that only pretend. At most ${mostCores(demand).toFixed(2)} cores are wanted at once, so ${most} CU never miss.`,
    '',
    daysTable(comparison),
    '',
    '"Waited" is how long some command did not get all the CPU that it wanted: a size follows the load within two seconds,',
    'and until then the work takes longer. A wake takes no time here; the benchmarks say how long it really takes.',
    '',
    'What clients want: cores, averages of quarters of an hour',
    '',
    fenced(demandChart(demand, most)),
    '',
    ...[alwaysOn, suspendOnly, autoscaling].flatMap(chartOf),
  ].join('\n');
}

/** CU-seconds side by side. */
export function daysTable({ alwaysOn, suspendOnly, autoscaling }: Comparison): string {
  const row = (day: Day): string => {
    const { cuSeconds, activeSeconds, wakes } = day.usage;
    const cells = [
      day.policy.name,
      formatSizeRange(day.policy.size),
      Math.round(cuSeconds).toLocaleString('en'),
      savedShare(alwaysOn, day),
      `${(activeSeconds / 3_600).toFixed(1)} h`,
      String(wakes),
      String(day.resizes),
      `${day.waitedSeconds.toFixed(0)} s`,
    ];
    return `| ${cells.join(' | ')} |`;
  };
  return [
    '| a day of office hours | CU | CU-seconds | saved | awake | wakes | sizes | waited |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...[alwaysOn, suspendOnly, autoscaling].map(row),
  ].join('\n');
}

function savedShare(all: Day, day: Day): string {
  return `${((1 - day.usage.cuSeconds / all.usage.cuSeconds) * 100).toFixed(0)} %`;
}

function fenced(text: string): string {
  return ['```text', text, '```'].join('\n');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
