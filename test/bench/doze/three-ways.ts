import type { SqlTarget } from '../by-hand/first-row.ts';
import { startHaproxy } from '../by-hand/haproxy.ts';
import type { BenchContext } from '../framework/benchmark.ts';
import { startAgent } from './agent.ts';
import { createCompute } from './compute.ts';
import { findDirectTarget } from './instance.ts';

/** The same awake server, reached through doze's gateway, through HAProxy and directly. */
export interface ThreeWays extends AsyncDisposable {
  readonly gateway: SqlTarget;
  readonly haproxy: SqlTarget;
  readonly direct: SqlTarget;
  /** The gateway's process. */
  readonly agentPid: number;
}

/** A server without a CPU limit of its own, on this machine's loopback: the way is measured, not the server. */
const CU = 2;

export async function openThreeWays({ options }: BenchContext): Promise<ThreeWays> {
  await using resources = new AsyncDisposableStack();
  const agent = resources.use(await startAgent());
  const driver = options.drivers.includes('process') ? 'process' : 'docker';
  const compute = await createCompute(agent, { name: 'forwarded', driver, cu: CU });
  const direct = await findDirectTarget(compute);
  const haproxy = resources.use(await startHaproxy(direct));
  const kept = resources.move();
  return {
    gateway: compute.target,
    haproxy: haproxy.target,
    direct,
    agentPid: agent.pid,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
