import { readFileSync } from 'node:fs';

/** Of them, how many are kept for the agent's own: its files and ports, servers being started, connections to them. */
const OWN_SHARE = 0.1;
const MIN_OWN = 32;

/** The highest number that a client's file descriptor may have. Infinity where the system does not say its limit. */
export function maxClientDescriptor(limit: number): number {
  return Math.max(0, Math.min(limit - MIN_OWN, Math.floor(limit * (1 - OWN_SHARE))));
}

/** `ulimit -n` of this process, which Node.js has raised as far as it may at its start. */
export function readOpenFileLimit(platform: NodeJS.Platform): number {
  if (platform !== 'linux') return Infinity;
  const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
  return limit === undefined ? Infinity : Number(limit);
}
