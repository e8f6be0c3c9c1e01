import type { Clock } from '../clock.ts';
import type { Compute, ComputeEvent, Project, ProjectEvent } from '../domain/index.ts';
import { DozeError, hasCode } from '../errors/index.ts';
import type { Store } from '../store/index.ts';

/** Writes what happens and tells who wants to know. */
export interface Journal {
  /**
   * Appends an event. One that the lifecycle does not allow is itself recorded, as `refused`, before it throws.
   * @throws STATE_CONFLICT
   */
  record(computeId: string, event: ComputeEvent): Compute;
  /** @throws COMPUTE_NOT_FOUND */
  require(computeId: string): Compute;
  /** Of a project itself. @throws STATE_CONFLICT */
  recordOfProject(name: string, event: ProjectEvent): Project;
  onChange(listener: (compute: Compute, event: ComputeEvent) => void): Disposable;
}

export function createJournal(deps: { store: Store; clock: Clock }): Journal {
  const { store, clock } = deps;
  const listeners = new Set<(compute: Compute, event: ComputeEvent) => void>();

  function append(computeId: string, event: ComputeEvent): Compute {
    const compute = store.append(computeId, event, clock.wallMs());
    for (const listener of listeners) listener(compute, event);
    return compute;
  }

  return {
    record(computeId, event) {
      try {
        return append(computeId, event);
      } catch (error) {
        if (hasCode(error, 'STATE_CONFLICT')) {
          append(computeId, { type: 'refused', attempted: event.type, message: error.message });
        }
        throw error;
      }
    },
    recordOfProject: (name, event) => store.appendToProject(name, event, clock.wallMs()),
    require(computeId) {
      const compute = store.getCompute(computeId);
      if (compute !== null) return compute;
      throw new DozeError('COMPUTE_NOT_FOUND', `there is no compute with the id ${computeId}`);
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
