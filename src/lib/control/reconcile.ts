import { createDeadline } from '../clock.ts';
import { keepsProcess, type Compute, type Depth } from '../domain/index.ts';
import type { Driver, Instance, InstanceChange, InstanceExit } from '../drivers/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { knownAccounts, refreshAccounts } from './account-cache.ts';
import { driverOf, type Core } from './core.ts';
import { lastLogLines } from './failure.ts';
import { finishTransition } from './finish-transition.ts';
import { isSpare } from './pool/spares.ts';
import { planReconcile, type ReconcileAction } from './plan-reconcile.ts';
import { enforceLimits } from './resize.ts';
import { adoptSleep, beginMetering, meteredMs, meteredMsAtEnd, sleepStart } from './meter.ts';

const INSPECT_TIMEOUT_MS = 10_000;
const LIST_TIMEOUT_MS = 30_000;

/**
 * Compares every compute with its instance, one list a driver. What agrees costs nothing more; the rest has its
 * turn in its own queue. Resolves when all is done; failures are logged.
 */
export async function reconcileAll(core: Core): Promise<void> {
  await Promise.all(core.drivers.all().map((driver) => reconcileDriver(core, driver)));
}

async function reconcileDriver(core: Core, driver: Driver): Promise<void> {
  const computes = core.store.listComputes().filter((compute) => compute.driver === driver.name);
  let instances: ReadonlyMap<string, Instance>;
  try {
    using deadline = createDeadline(LIST_TIMEOUT_MS, () => noAnswer(driver));
    instances = new Map((await driver.list(deadline.signal)).map((instance) => [instance.computeId, instance]));
  } catch (error) {
    // A driver that nobody uses may well be missing on this host.
    if (computes.length > 0)
      core.logger.warn({ driver: driver.name, error: toDozeError(error).message }, 'driver cannot be asked');
    return;
  }
  const work = [...computes, ...destroyedOf(core, driver, instances)]
    .filter((compute) => needsWork(core, compute, instances.get(compute.id) ?? null))
    .map((compute) => reconcileOne(core, compute.id));
  await Promise.all([...work, ...orphans(core, instances).map((id) => removeOrphan(core, driver, id))]);
}

/** Of those that ever were, the ones that have an instance all the same. */
function destroyedOf(core: Core, driver: Driver, instances: ReadonlyMap<string, Instance>): Compute[] {
  return [...instances.keys()]
    .map((id) => core.store.getCompute(id))
    .filter((compute) => compute !== null)
    .filter((compute) => compute.state === 'destroyed' && compute.driver === driver.name);
}

function needsWork(core: Core, compute: Compute, instance: Instance | null): boolean {
  const action = planReconcile(compute, instance);
  if (action.kind === 'nothing') return false;
  if (action.kind === 'adoptSleep') {
    adoptSleep(core, compute.id);
    return false;
  }
  if (action.kind !== 'adopt') return true;
  return core.cells.of(compute.id).endpoint === null || hasOtherLimits(compute, action.instance);
}

/** A resize that a dead agent left half done, or limits that somebody changed by hand. */
function hasOtherLimits({ size }: Compute, instance: Instance): instance is Instance & { readonly cu: number } {
  return instance.cu !== undefined && instance.cu !== size.now;
}

/** In the compute's queue, so after whatever is under way. Never throws. */
async function reconcileOne(core: Core, computeId: string): Promise<void> {
  await core.cells.of(computeId).queue.run(async () => {
    try {
      await reconcileNow(core, computeId);
    } catch (error) {
      core.logger.warn({ computeId, error: toDozeError(error).message }, 'reconcile failed; it will be tried again');
    }
  });
}

/** Compares one compute with its instance, inside its queue. @throws what keeps it from being put right */
export async function reconcileNow(core: Core, computeId: string): Promise<void> {
  const compute = core.store.getCompute(computeId);
  if (compute !== null) await carryOut(core, compute, planReconcile(compute, await inspect(core, compute)));
}

/** What a driver's watch reports. An operation that waits for the server hears of its end at once. */
export function onInstanceChange(core: Core, change: InstanceChange): void {
  if (change.kind === 'resync') {
    void reconcileAll(core);
    core.pool.nudge();
    return;
  }
  const cell = core.cells.of(change.computeId);
  if (change.exit !== null) cell.lastExit = change.exit;
  if (change.kind === 'ended' || change.kind === 'removed') cell.onEnded?.(change.exit);
  if (isSpare(core, change.computeId)) core.pool.nudge();
  else void reconcileOne(core, change.computeId);
}

async function inspect(core: Core, compute: Compute): Promise<Instance | null> {
  const driver = driverOf(core, compute);
  using deadline = createDeadline(INSPECT_TIMEOUT_MS, () => noAnswer(driver));
  return await driver.inspect(compute.id, deadline.signal);
}

async function carryOut(core: Core, compute: Compute, action: ReconcileAction): Promise<void> {
  switch (action.kind) {
    case 'nothing':
      return;
    case 'adopt':
      adopt(core, compute, action.instance);
      if (hasOtherLimits(compute, action.instance)) await enforceLimits(core, compute, action.instance.cu);
      return;
    case 'adoptSleep':
      adoptSleep(core, compute.id);
      return;
    case 'finish':
      await finishTransition(core, compute);
      return;
    case 'recordStopped':
      if (!keepsProcess(action.depth)) loseServer(core, compute);
      core.journal.record(compute.id, {
        type: 'instanceStopped',
        depth: action.depth,
        reason: action.reason,
        segmentLengthMs: meteredMsAtEnd(core, compute.id, action.exit ?? core.cells.of(compute.id).lastExit),
      });
      return;
    case 'recordCrashed':
      loseServer(core, compute);
      core.journal.record(compute.id, await crashEvent(core, compute, action.exit));
      return;
    case 'recordDepth': {
      loseServer(core, compute);
      const segmentLengthMs = meteredMsAtEnd(core, compute.id, action.exit ?? core.cells.of(compute.id).lastExit);
      const { depth, reason } = action;
      core.journal.record(compute.id, { type: 'depthObserved', depth, reason, segmentLengthMs });
      return;
    }
    case 'suspendAgain':
      core.logger.warn({ compute: compute.name, depth: action.depth }, 'runs though it should not; suspending it');
      await suspendAgain(core, compute, action.depth);
      return;
    case 'removeInstance':
      await withVerb(core, compute, (context) => driverOf(core, compute).remove(compute.id, context));
  }
}

/** A running server is taken up as it is: its segment goes on, its clients connect again or never left. */
function adopt(core: Core, compute: Compute, instance: Instance): void {
  const cell = core.cells.of(compute.id);
  const isKnown = cell.endpoint !== null;
  cell.endpoint = instance.endpoint;
  if (isKnown) return;
  cell.activeSinceMs = core.clock.monotonicMs();
  const segment = core.store.openSegment(compute.id);
  if (segment !== null) core.segments.adopt(segment);
  core.logger.info({ compute: compute.name }, 'adopted a running compute');
  knownAccounts(core, compute.id);
  void refreshAccounts(core, compute.id);
}

async function suspendAgain(core: Core, compute: Compute, depth: Depth): Promise<void> {
  const driver = driverOf(core, compute);
  const reached = await withVerb(core, compute, (context) => driver.suspend(compute.id, depth, context));
  if (reached.shortfall === null || compute.state !== 'suspended') return;
  core.journal.record(compute.id, {
    type: 'depthObserved',
    depth: reached.depth,
    reason: reached.shortfall,
    segmentLengthMs: meteredMs(core, compute.id),
    ...sleepStart(core, reached.depth),
  });
  beginMetering(core, compute.id);
}

function loseServer(core: Core, compute: Compute): void {
  core.cells.of(compute.id).endpoint = null;
  core.gate.endSessions(compute.id, `the server of compute "${compute.name}" went away; connect again`);
}

async function crashEvent(core: Core, compute: Compute, exit: InstanceExit) {
  const segmentLengthMs = meteredMsAtEnd(core, compute.id, exit);
  const message = `the server of compute "${compute.name}" ${howItCrashed(exit)}`;
  const logTail = await lastLogLines(core, compute);
  return { type: 'instanceCrashed', code: 'SERVER_CRASHED', message, logTail, segmentLengthMs } as const;
}

function howItCrashed(exit: InstanceExit): string {
  if (exit.isOutOfMemory) return 'was killed: it needed more memory than its size allows';
  const ended = `ended with exit code ${exit.code ?? 'unknown'}`;
  return exit.isDiskFull === true ? `${ended}, and its disk is full` : ended;
}

function orphans(core: Core, instances: ReadonlyMap<string, Instance>): string[] {
  return [...instances.keys()].filter((id) => core.store.getCompute(id) === null && !isSpare(core, id));
}

/** An instance with our label that no record knows is removed; data that no record knows is never touched. */
async function removeOrphan(core: Core, driver: Driver, computeId: string): Promise<void> {
  core.logger.warn({ computeId, driver: driver.name }, 'removing an instance that belongs to no compute');
  try {
    using deadline = createDeadline(core.settings.verbTimeoutMs, () => noAnswer(driver));
    const context = { signal: deadline.signal, onProgress: () => undefined };
    await driver.suspend(computeId, 'removed', context);
    await driver.remove(computeId, context);
  } catch (error) {
    core.logger.warn({ computeId, error: toDozeError(error).message }, 'the instance could not be removed');
  }
}

function noAnswer(driver: Driver): DozeError {
  return new DozeError('TIMED_OUT', `the ${driver.name} driver did not answer in time`);
}

async function withVerb<Result>(
  core: Core,
  compute: Compute,
  run: (context: { signal: AbortSignal; onProgress: () => void }) => Promise<Result>,
): Promise<Result> {
  const limitMs = core.settings.verbTimeoutMs;
  using deadline = createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `compute "${compute.name}": its driver took more than ${limitMs / 1000} s`),
  );
  return await run({ signal: deadline.signal, onProgress: () => undefined });
}
