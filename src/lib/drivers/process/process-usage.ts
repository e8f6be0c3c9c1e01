import { readFile } from 'node:fs/promises';

import { systemCode } from '../../errors/index.ts';
import type { InstanceUsage } from '../driver.ts';
import type { Layout } from './layout.ts';
import { readServerState } from './server-state.ts';

/** USER_HZ, which is 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** From proc(5); other systems do not tell as cheaply. */
export async function processUsage(layout: Layout): Promise<InstanceUsage | null> {
  const server = await readServerState(layout);
  if (server.kind !== 'running' || process.platform !== 'linux') return null;
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${server.pid}/stat`, 'latin1'),
      readFile(`/proc/${server.pid}/status`, 'latin1'),
    ]);
    return parseUsage(stat, status);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ESRCH') return null;
    throw error;
  }
}

/** utime and stime are fields 14 and 15, counted from the end of `(comm)`; RssAnon and RssShmem in kB. */
export function parseUsage(stat: string, status: string): InstanceUsage {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    memoryBytes: (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024,
  };
}
