import { abortReason } from '../clock.ts';
import type { Compute, State } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';

/**
 * Resolves when the compute is in the wanted state; null wants any state in which nothing is under way.
 * @throws the signal's reason; STATE_CONFLICT when it failed or is destroyed while something else was wanted.
 */
export function waitForState(
  core: Core,
  computeId: string,
  wanted: State | null,
  signal: AbortSignal,
): Promise<Compute> {
  return new Promise((resolve, reject) => {
    const settle = (compute: Compute): boolean => {
      if (isReached(compute, wanted)) resolve(compute);
      else if (isDeadEnd(compute)) reject(deadEnd(compute, wanted));
      else return false;
      return true;
    };
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    if (settle(core.journal.require(computeId))) return;

    const subscription = core.journal.onChange((compute) => {
      if (compute.id === computeId && settle(compute)) leave();
    });
    const onAbort = (): void => {
      leave();
      reject(abortReason(signal));
    };
    const leave = (): void => {
      subscription[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function isReached(compute: Compute, wanted: State | null): boolean {
  if (wanted !== null) return compute.state === wanted;
  return compute.state === 'active' || compute.state === 'suspended' || compute.state === 'destroyed';
}

function isDeadEnd(compute: Compute): boolean {
  return compute.state === 'failed' || compute.state === 'destroyed';
}

function deadEnd(compute: Compute, wanted: State | null): DozeError {
  const why = compute.failure === null ? '' : `: ${compute.failure.message}`;
  return new DozeError(
    'STATE_CONFLICT',
    `compute "${compute.name}" is ${compute.state}, not ${wanted ?? 'settled'}${why}`,
    {
      hint:
        compute.state === 'failed'
          ? `doze compute resume ${compute.name}`
          : `doze compute start ${compute.name} --restore`,
    },
  );
}
