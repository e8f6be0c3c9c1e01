import { stat } from 'node:fs/promises';

import type { InstanceExit } from '../driver.ts';
import type { Layout } from './layout.ts';
import { freeBytes } from './disk-space.ts';
import { readIfThere } from './read-if-there.ts';
import { areThreadsStopped, readProcess } from './process-table.ts';

/** The server of an instance, found again by identity: pid alone may belong to somebody else by now. */
export type ServerState =
  | { readonly kind: 'running' | 'frozen'; readonly pid: number }
  /** Null when it never ran. */
  | { readonly kind: 'ended'; readonly exit: InstanceExit | null };

const KILLED = 137;
/** With these a server ends that gives up: at its start, or in the middle with an abort. */
const FAILURES = new Set([1, 134]);
/** InnoDB's temporary tablespace alone takes 12 MiB, at every start. */
const START_BYTES = 16 * 1024 ** 2;
const UNKNOWN_EXIT: InstanceExit = { atMs: null, code: null, isOutOfMemory: false };

export async function readServerState(layout: Layout): Promise<ServerState> {
  const record = parseRecord(await readIfThere(layout.serverFile));
  if (record === null) return { kind: 'ended', exit: null };

  const server = await readProcess(record.pid);
  if (server !== null && server.birth === record.birth && server.commandLine.includes(layout.data)) {
    return { kind: server.isStopped ? 'frozen' : 'running', pid: record.pid };
  }
  const exit = await readExit(layout);
  if (exit !== null) return { kind: 'ended', exit };

  // Between a server's end and the note of it there is a moment; it counts as running until its end is on record.
  const supervisor = await readProcess(record.supervisorPid);
  if (supervisor?.commandLine.includes(layout.run) === true) return { kind: 'running', pid: record.pid };
  return { kind: 'ended', exit: (await readExit(layout)) ?? UNKNOWN_EXIT };
}

/** Whether every thread of a server that was told to stop has done so: one in the middle of a write ends that first. */
export async function isStill(layout: Layout): Promise<boolean> {
  const server = await readServerState(layout);
  return server.kind === 'ended' || (server.kind === 'frozen' && (await areThreadsStopped(server.pid)));
}

interface ServerRecord {
  readonly pid: number;
  readonly supervisorPid: number;
  readonly birth: string;
}

function parseRecord(text: string | null): ServerRecord | null {
  const [, pid, supervisorPid, birth] = /^(\d+) (\d+) (.+)\n$/.exec(text ?? '') ?? [];
  if (pid === undefined || supervisorPid === undefined || birth === undefined) return null;
  return { pid: Number(pid), supervisorPid: Number(supervisorPid), birth: birth.trim() };
}

async function readExit(layout: Layout): Promise<InstanceExit | null> {
  const text = await readIfThere(layout.exitFile);
  const [, code, oomKills] = /^(\d+) (\d+)\n\s*$/.exec(text ?? '') ?? [];
  if (code === undefined || oomKills === undefined) return null;
  const { mtimeMs } = await stat(layout.exitFile);
  const isDiskFull = FAILURES.has(Number(code)) && (await freeBytes(layout.run)) < START_BYTES;
  return {
    atMs: Math.round(mtimeMs),
    code: Number(code),
    isOutOfMemory: Number(code) === KILLED && Number(oomKills) > 0,
    ...(isDiskFull ? { isDiskFull } : {}),
  };
}
