import { readFileSync, writeFileSync } from 'node:fs';

/** `getconf CLK_TCK`: the same on every Linux since it has a /proc. */
const TICK_MS = 10;

/** CPU that all threads of a process have taken so far, in milliseconds. */
export function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]];
  return (Number(user) + Number(system)) * TICK_MS;
}

/** Resident memory of a process, its program's own pages among it. */
export function readResidentBytes(pid: number): number {
  return readKilobytes(pid, 'VmRSS') * 1024;
}

/** From now on the peak is that of what follows. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${String(pid)}/clear_refs`, '5');
}

/** The most that was resident at any instant. */
export function readPeakBytes(pid: number): number {
  return readKilobytes(pid, 'VmHWM') * 1024;
}

function readKilobytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
}
