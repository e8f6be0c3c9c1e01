import { readFileSync } from 'node:fs';

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
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'latin1')) ?? [];
  return Number(kilobytes) * 1024;
}
