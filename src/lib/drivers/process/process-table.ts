import { readdir, readFile } from 'node:fs/promises';

import { systemCode } from '../../errors/index.ts';
import { orNull } from './read-if-there.ts';

/** A process as the system sees it now. */
export interface ProcessFacts {
  /** Tells it from a later process with the same pid: boot and clock ticks on Linux, the start time elsewhere. */
  readonly birth: string;
  readonly isStopped: boolean;
  readonly commandLine: string;
}

/** Null if there is no such process, or only what is left of one that ended (a zombie). */
export function readProcess(pid: number): Promise<ProcessFacts | null> {
  return process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields count from the end of `(comm)`. */
async function readFromProc(pid: number): Promise<ProcessFacts | null> {
  try {
    const [stat, commandLine, bootId] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
    ]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0] ?? 'X';
    if (state === 'Z' || state === 'X') return null;
    return {
      birth: `${bootId.trim()}:${fields[19] ?? ''}`,
      isStopped: state === 'T',
      commandLine: commandLine.replaceAll('\0', ' '),
    };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

/** A process is listed as stopped as soon as its first thread is. Elsewhere than on Linux there is no list of the others. */
export async function areThreadsStopped(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  for (const thread of (await orNull(readdir(`/proc/${pid}/task`))) ?? []) {
    const stat = await orNull(readFile(`/proc/${pid}/task/${thread}/stat`, 'latin1'));
    if (stat !== null && !'TZX'.includes(stat[stat.lastIndexOf(')') + 2] ?? '')) return false;
  }
  return true;
}

const LSTART_LENGTH = 'Sun Nov 22 15:26:03 2026'.length;

async function readFromPs(pid: number): Promise<ProcessFacts | null> {
  const { execa } = await import('execa');
  const { stdout, exitCode } = await execa('ps', ['-ww', '-o', 'lstart=,state=,command=', '-p', String(pid)], {
    reject: false,
    env: { LC_ALL: 'C' },
  });
  if (exitCode !== 0 || stdout.trim() === '') return null;
  const [, state = '', commandLine = ''] = /^\s*(\S+)\s+(.*)$/s.exec(stdout.trimStart().slice(LSTART_LENGTH)) ?? [];
  if (state.startsWith('Z')) return null;
  return { birth: stdout.trimStart().slice(0, LSTART_LENGTH), isStopped: state.startsWith('T'), commandLine };
}
