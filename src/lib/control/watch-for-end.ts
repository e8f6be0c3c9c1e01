import type { InstanceExit } from '../drivers/index.ts';
import type { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';

/** A signal that aborts as soon as the driver reports that the instance has ended. */
export function watchForEnd(
  core: Core,
  id: string,
  errorOf: (exit: InstanceExit | null) => DozeError,
): Disposable & { readonly signal: AbortSignal } {
  const cell = core.cells.of(id);
  const controller = new AbortController();
  cell.onEnded = (exit) => controller.abort(errorOf(exit));
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      cell.onEnded = null;
    },
  };
}
