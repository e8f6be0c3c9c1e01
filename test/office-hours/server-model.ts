import type { InstanceUsage } from '../../src/lib/drivers/index.ts';
import type { FakeEngine } from '../support/control-harness.ts';
import { STEP_MS, type Demand } from './demand.ts';

const MIB = 1024 ** 2;
const SECONDS = STEP_MS / 1_000;
/** What a server holds besides its cache, and what a client's connection and query add to it. */
const BASE_BYTES = 90 * MIB;
const BYTES_PER_CORE = 150 * MIB;
const READ_BYTES_PER_SECOND = 200 * MIB;
const PAGE_BYTES = 16 * 1024;

/**
 * What a server would show of the load, as simply as it can be said: it never uses more than its size, and what it could not do
 * is done later; its cache fills with what is read, up to what it may hold; what does not fit is read again and again.
 */
export interface ServerModel {
  /** A step of the day at a size. @returns whether something had to wait for CPU */
  work(demand: Demand | null, cu: number): boolean;
  /** Whether something is left that had to wait. */
  readonly isBehind: boolean;
  /** What it has used so far. What it holds is as it is when it is asked for: a resize waits for it to become less. */
  usage(): InstanceUsage;
  /** Its process has ended: counters and cache are gone. */
  end(): void;
}

export function createServerModel(engine: FakeEngine): ServerModel {
  let cpuSeconds = 0;
  let behind = 0;
  let wantedCores = 0;
  const cachedBytes = (): number => Math.min(engine.load.dataBytes, engine.load.poolBytes);

  function readPages({ pageRequestsPerSecond, workingSetBytes }: Demand): void {
    const { poolBytes, requests, misses } = engine.load;
    const wanted = pageRequestsPerSecond * SECONDS;
    const missing = 1 - Math.min(1, cachedBytes() / workingSetBytes);
    const missed = Math.min(wanted * missing, (READ_BYTES_PER_SECOND / PAGE_BYTES) * SECONDS);
    const held = Math.max(cachedBytes(), Math.min(workingSetBytes, cachedBytes() + missed * PAGE_BYTES));
    engine.load = {
      poolBytes,
      dataBytes: Math.round(Math.min(held, poolBytes)),
      requests: Math.round(requests + wanted),
      misses: Math.round(misses + missed),
      isWarming: false,
    };
  }

  return {
    work(demand, cu) {
      wantedCores = demand?.cores ?? 0;
      const wanted = behind + wantedCores * SECONDS;
      const done = Math.min(wanted, cu * SECONDS);
      behind = wanted - done < 1e-9 ? 0 : wanted - done;
      cpuSeconds += done;
      if (demand !== null) readPages(demand);
      return behind > 0;
    },
    get isBehind() {
      return behind > 0;
    },
    usage: () => ({
      cpuSeconds,
      get memoryBytes() {
        return Math.round(BASE_BYTES + wantedCores * BYTES_PER_CORE + cachedBytes());
      },
    }),
    end() {
      cpuSeconds = 0;
      wantedCores = 0;
      engine.load = { ...engine.load, dataBytes: 0, requests: 0, misses: 0 };
    },
  };
}
