import {
  computeView,
  copyView,
  type ComputeServices,
  type OperationResult,
  type ResizeRequest,
  type StartRequest,
} from '../../api/index.ts';
import type { OperationOutcome, Operations, StartOptions } from '../../control/index.ts';
import type { SizeRange } from '../../domain/index.ts';
import type { AgentCore } from '../running.ts';

type OperationServices = Pick<
  ComputeServices,
  'start' | 'suspend' | 'resume' | 'restart' | 'resize' | 'set' | 'destroy' | 'clone'
>;

/** Runs an operation of the control plane once that is ready. */
export type RunOperation = (operate: (operations: Operations) => Promise<OperationOutcome>) => Promise<OperationResult>;

/** Requests of the API as operations of the control plane, and their outcomes as answers. */
export function createOperationServices(
  core: AgentCore,
  host: string,
): OperationServices & { readonly run: RunOperation } {
  async function run(operate: (operations: Operations) => Promise<OperationOutcome>): Promise<OperationResult> {
    const startedMs = core.clock.monotonicMs();
    const { control, gateway, reconciled } = await core.running;
    await reconciled;
    const { compute, action, notes, copied = null } = await operate(control.operations);
    const { sessions } = await gateway.facts(compute.id);
    const tookMs = Math.round(core.clock.monotonicMs() - startedMs);
    core.logger.info({ project: compute.project, compute: compute.name, action, tookMs }, 'operation done');
    return {
      compute: computeView(compute, { sessions, host }),
      changed: action !== 'unchanged',
      action,
      tookMs,
      notes: [...notes],
      ...(copied === null ? {} : { copy: copyView(copied) }),
    };
  }

  return {
    run,
    clone: (project, name, { name: clone, at = null, ephemeral, leaseSeconds }, onProgress, gone) => {
      const options = { name: clone, at, ...withoutUndefined({ ephemeral, leaseMs: inMs(leaseSeconds) }) };
      return run((operations) => operations.clone(project, name, options, onProgress, gone));
    },
    start: (project, name, request, onProgress, gone) =>
      run((operations) => operations.start(project, name, startOptions(request), onProgress, gone)),
    suspend: (project, name, request, onProgress) =>
      run((operations) => operations.suspend(project, name, withoutUndefined(request), onProgress)),
    resume: (project, name, onProgress, gone) =>
      run((operations) => operations.resume(project, name, onProgress, gone)),
    restart: (project, name, request, onProgress, gone) =>
      run((operations) => operations.restart(project, name, withoutUndefined(request), onProgress, gone)),
    resize: (project, name, { size }, onProgress) =>
      run((operations) => operations.resize(project, name, rangeOf(size), onProgress)),
    set: (project, name, { leaseSeconds, ...request }) =>
      run((operations) => operations.set(project, name, withoutUndefined({ ...request, leaseMs: inMs(leaseSeconds) }))),
    destroy: (project, name, request, onProgress) =>
      run((operations) => operations.destroy(project, name, withoutUndefined(request), onProgress)),
  };
}

function startOptions(asked: StartRequest): StartOptions {
  const { suspendAfterSeconds, endPinnedAfterSeconds, sessionIdleTimeoutSeconds, ...other } = asked;
  const { leaseSeconds, ladder, size, ...request } = other;
  const rungs = ladder?.map(({ depth, afterSeconds }) => ({ depth, afterMs: Math.round(afterSeconds * 1000) }));
  return withoutUndefined({
    ...request,
    suspendAfterMs: inMs(suspendAfterSeconds),
    endPinnedAfterMs: inMs(endPinnedAfterSeconds),
    sessionIdleTimeoutMs: inMs(sessionIdleTimeoutSeconds),
    leaseMs: inMs(leaseSeconds),
    ladder: rungs,
    size: size === undefined ? size : rangeOf(size),
  });
}

/** Null is never, and undefined not said. */
function inMs<Seconds extends number | null | undefined>(seconds: Seconds): Seconds {
  return typeof seconds === 'number' ? (Math.round(seconds * 1000) as Seconds) : seconds;
}

function rangeOf(size: ResizeRequest['size']): SizeRange {
  return typeof size === 'number' ? { min: size, max: size } : size;
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** A request's fields may be there and undefined; an option is there or not. */
function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<Value>;
}
