import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { ComputeEventType, Segment } from '../../src/lib/domain/index.ts';
import type { Random } from '../office-hours/random.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** What the agent's ledger says of a life. */
interface Report {
  readonly segments: readonly Segment[];
  readonly events: readonly { readonly atMs: number; readonly type: ComputeEventType }[];
  readonly verify: { readonly isConsistent: boolean };
}

/** From one start of the server to its end: by its own record, and as it is billed. All in ms. */
export interface Activation {
  readonly ownMs: number;
  /** The part of it in which it was on its way up or down, on record. */
  readonly onItsWayMs: number;
  readonly billedMs: number;
}

export interface MeteredLife {
  readonly activations: readonly Activation[];
  /** Billed, and no server of which it could be. */
  readonly strayMs: number;
  readonly kills: number;
  readonly isConsistent: boolean;
}

const AGENT = fileURLToPath(new URL('metered-agent.ts', import.meta.url));
const DEADLINE_MS = 120_000;
/** Of the server's clock, which has hundredths of a second. */
const TOLERANCE_MS = 20;

/**
 * Lets a compute live under one agent after the other, each of which is killed in the middle of something.
 */
export async function liveMetered(random: Pick<Random, 'next'>): Promise<MeteredLife> {
  using directory = createTemporaryDirectory();
  const home = directory.path;
  const server = writeServer(home);
  const kills = 1 + Math.floor(random.next() * 4);
  for (let kill = 0; kill < kills; kill += 1) {
    await runAgent([home, server, String(1 + Math.floor(random.next() * 1e9))], random.next() * 3_000);
    await sleep(random.next() * 300);
  }
  const output = await runAgent([home, server, '0'], null);
  const report = JSON.parse(/^report (.*)$/m.exec(output)?.[1] ?? 'null') as Report | null;
  if (report === null) throw new Error(`the last agent did not report: ${output}`);
  return { ...compare(report, readSpans(join(home, 'lives'))), kills, isConsistent: report.verify.isConsistent };
}

/**
 * A server that greets whoever comes, does nothing else, and writes down by the machine's own clock when it began and ended: the
 * shell its beginning, before anything takes time.
 */
function writeServer(home: string): string {
  const path = join(home, 'metered-server');
  const lives = join(home, 'lives');
  writeFileSync(lives, '');
  writeFileSync(
    `${path}.cjs`,
    `const { appendFileSync, readFileSync } = require('node:fs');
process.on('SIGTERM', () => {
  const [up] = readFileSync('/proc/uptime', 'utf8').split(' ');
  appendFileSync('${lives}', process.pid + ' ' + up + ' end\\n');
  process.exit(0);
});
const port = Number(process.argv.find((each) => each.startsWith('--port=')).slice(7));
require('node:net').createServer((socket) => socket.on('error', () => {}).end('hello')).listen(port, '127.0.0.1');
`,
  );
  writeFileSync(
    path,
    `#!/bin/sh
case "$*" in *--version*) echo 'mariadbd  Ver 10.11.19-MariaDB for linux on x86_64'; exit 0 ;; esac
read -r up idle </proc/uptime
echo "$$ $up begin" >>'${lives}'
exec '${process.execPath}' '${path}.cjs' "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}

/** @param killAfterMs after it is up; null lets it end by itself */
async function runAgent(args: readonly string[], killAfterMs: number | null): Promise<string> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'doze-metered-compiled') };
  const child = spawn(process.execPath, [AGENT, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  const isUp = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('up\n')) resolve();
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = new Promise<void>((resolve) => void child.on('close', () => resolve()));
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  if (killAfterMs !== null) {
    await Promise.race([isUp, closed]);
    await Promise.race([sleep(killAfterMs), closed]);
    if (child.exitCode !== null) throw new Error(`an agent ended by itself: ${output}`);
    child.kill('SIGKILL');
  }
  await closed;
  clearTimeout(deadline);
  return output;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** As wall time. */
function readSpans(path: string): Span[] {
  const upMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  const bootMs = Date.now() - upMs;
  const open = new Map<string, number>();
  const spans: Span[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const [pid = '', up, what] = line.split(' ');
    const atMs = bootMs + Number(up) * 1000;
    if (what === 'begin') open.set(pid, atMs);
    else spans.push({ fromMs: open.get(pid) ?? Number.NaN, toMs: atMs });
    if (what === 'end') open.delete(pid);
  }
  if (open.size > 0) throw new Error(`a server still runs: ${[...open.keys()].join()}`);
  return spans;
}

function compare({ segments, events }: Report, spans: readonly Span[]): Pick<MeteredLife, 'activations' | 'strayMs'> {
  const ways = onItsWay(events);
  const billed = segments.map(({ startedAtMs, lengthMs }) => ({ startedAtMs, lengthMs: lengthMs ?? Number.NaN }));
  const isOf = ({ fromMs, toMs }: Span, atMs: number): boolean =>
    atMs >= fromMs - TOLERANCE_MS && atMs <= toMs + TOLERANCE_MS;
  const activations = spans.map((span) => ({
    ownMs: span.toMs - span.fromMs,
    onItsWayMs: ways.reduce((sum, way) => sum + overlapMs(way, span), 0),
    billedMs: total(billed.filter(({ startedAtMs }) => isOf(span, startedAtMs))),
  }));
  const stray = billed.filter(({ startedAtMs }) => !spans.some((span) => isOf(span, startedAtMs)));
  return { activations, strayMs: total(stray) };
}

const BEGINNINGS: readonly ComputeEventType[] = ['createRequested', 'resumeRequested', 'suspendRequested'];
const ENDS: readonly ComputeEventType[] = ['started', 'suspended', 'failed'];

/** Between the record of what is to be and that of what is. */
function onItsWay(events: Report['events']): Span[] {
  const ways: Span[] = [];
  let fromMs: number | null = null;
  for (const { atMs, type } of events) {
    if (BEGINNINGS.includes(type)) fromMs ??= atMs;
    if (!ENDS.includes(type) || fromMs === null) continue;
    ways.push({ fromMs, toMs: atMs });
    fromMs = null;
  }
  return ways;
}

function overlapMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs));
}

function total(segments: readonly { readonly lengthMs: number }[]): number {
  return segments.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
}
