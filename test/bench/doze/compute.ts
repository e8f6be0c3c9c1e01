import { setTimeout as sleep } from 'node:timers/promises';

import type { ComputeDetail } from '../../../src/lib/api/client/index.ts';
import type { Depth } from '../../../src/lib/domain/index.ts';
import { readFirstRow, writeRows, type SqlTarget } from '../by-hand/first-row.ts';
import type { Sample } from '../framework/alternate.ts';
import type { BenchDriver } from '../framework/options.ts';
import { PROJECT, type BenchAgent } from './agent.ts';

/** What a new compute gets when nobody says otherwise. */
export const DEFAULT_CU = 0.5;

/** A compute with rows in it that sleeps only when it is told to. */
export interface BenchCompute {
  readonly id: string;
  readonly name: string;
  readonly driver: BenchDriver;
  readonly cu: number;
  /** At the gateway. */
  readonly target: SqlTarget;
  suspend(depth: Depth): Promise<void>;
  /** A client's connection to its first row; the parts are the client's and the agent's view of the wake. */
  wake(): Promise<Sample>;
  /** The client's part of it alone: beside others that are timed, questions to the agent would be in their way. */
  firstRow(): Promise<Sample>;
  /** The agent's view of the last wake. */
  lastWakeParts(): Promise<Record<string, number>>;
  show(): Promise<ComputeDetail>;
}

export interface ComputeRequest {
  readonly name: string;
  readonly driver: BenchDriver;
  readonly cu: number;
  /** By load, within these. */
  readonly size?: { readonly min: number; readonly max: number };
}

export async function createCompute(
  agent: BenchAgent,
  { name, driver, cu, size = { min: cu, max: cu } }: ComputeRequest,
): Promise<BenchCompute> {
  const { computes } = agent.api;
  const request = { driver, size, suspendAfterSeconds: null };
  const { compute } = await computes.start(PROJECT, name, request);
  const target = await computes.connection(PROJECT, name);
  await writeRows(target);

  const show = (): Promise<ComputeDetail> => computes.show(PROJECT, name);
  return {
    id: compute.id,
    name,
    driver,
    cu,
    target,
    show,
    firstRow: () => readFirstRow(target),
    lastWakeParts: async () => {
      const { lastWake } = await show();
      if (lastWake === null) throw new Error(`${name} was never woken`);
      return agentParts(lastWake);
    },
    suspend: async (depth) => {
      await computes.suspend(PROJECT, name, { depth, force: true });
      await sleep(SETTLE_MS);
    },
    wake: async () => {
      const before = (await show()).wakes;
      const sample = await readFirstRow(target);
      const { wakes, lastWake } = await show();
      if (wakes !== before + 1 || lastWake === null)
        throw new Error(`${name} was to be woken once: ${String(wakes - before)}`);
      return { total: sample.total, parts: { ...sample.parts, ...agentParts(lastWake) } };
    },
  };
}

/** What a suspend leaves behind (the container's exit, the store's checkpoint) is over by then. */
const SETTLE_MS = 200;

export function agentParts(wake: NonNullable<ComputeDetail['lastWake']>): Record<string, number> {
  const { totalMs, phasesMs, serverPhasesMs, clientMs } = wake;
  return {
    ...named('gateway', clientMs ?? {}),
    ...named('agent', phasesMs),
    'agent: all of the wake': totalMs,
    ...named("server's own start", serverPhasesMs ?? {}),
  };
}

function named(who: string, phasesMs: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(phasesMs).map(([phase, ms]) => [`${who}: ${phase}`, ms]));
}
