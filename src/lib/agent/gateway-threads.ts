import { availableParallelism } from 'node:os';

import type { AgentSettings } from '../config/index.ts';
import { MAX_THREADS } from '../gateway/index.ts';

/** Processors for which the servers and their clients leave one to forwarding. */
const PROCESSORS_A_THREAD = 4;
const MOST_BY_ITSELF = 4;

/**
 * How many threads forward. One forwards 35,000 queries a second at most, and costs 20 MB: a host without many processors has
 * servers that take longer than that. Only Linux shares a port among threads.
 */
export function gatewayThreads(
  wanted: AgentSettings['gatewayThreads'],
  platform: NodeJS.Platform = process.platform,
  processors: number = availableParallelism(),
): number {
  if (platform !== 'linux') return 1;
  if (wanted !== 'auto') return Math.min(wanted, MAX_THREADS);
  return Math.max(1, Math.min(MOST_BY_ITSELF, Math.floor(processors / PROCESSORS_A_THREAD)));
}
