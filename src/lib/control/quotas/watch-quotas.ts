import {
  isDeeper,
  planQuotaRemark,
  quotaResetsAtMs,
  type Compute,
  type Depth,
  type Project,
  type QuotaUse,
} from '../../domain/index.ts';
import { hasCode, toDozeError } from '../../errors/index.ts';
import { driverOf, type Core } from '../core.ts';
import { idleMs } from '../idle-watch.ts';
import { firstDepth, possibleDepth } from '../possible-depth.ts';
import { takeDown } from '../take-down.ts';
import { createOverruns } from './overruns.ts';
import { isOverrun, planOverrun, type AwakeCompute } from './plan-overrun.ts';

const TICK_MS = 1_000;
/** For how long after the grace period a moment is waited for in which nobody's command or transaction is cut off. */
const FORCE_AFTER_MS = 30_000;
/** After one that could not be suspended, so that the log is not filled. */
const RETRY_MS = 10_000;

/** What is decided for one compute. */
interface Order {
  readonly compute: Pick<Compute, 'id' | 'name'>;
  readonly use: QuotaUse;
  readonly isForced: boolean;
}

/** Puts on record what of a project's quotas is used up, and suspends what may not go on once the grace period is over. */
export function watchQuotas(core: Core): Disposable {
  const overruns = createOverruns(core);
  const notBeforeMs = new Map<string, number>();
  const underWay = new Set<string>();

  async function look(project: Project): Promise<void> {
    const uses = core.quotas.uses(project.name);
    for (const use of uses) remark(core, project, use);
    const nowMs = core.clock.monotonicMs();
    for (const use of uses) {
      const sinceMs = overruns.note(project, use);
      const overdueMs = sinceMs === null ? -1 : nowMs - sinceMs - core.settings.quotaGraceMs;
      if (overdueMs < 0) continue;
      for (const { compute } of planOverrun(use, await awakeOf(core, project.name))) {
        carryOut({ compute, use, isForced: overdueMs >= FORCE_AFTER_MS });
      }
    }
  }

  function carryOut(order: Order): void {
    const { id, name } = order.compute;
    if (underWay.has(id) || (notBeforeMs.get(id) ?? 0) > core.clock.monotonicMs()) return;
    underWay.add(id);
    notBeforeMs.delete(id);
    void suspendForQuota(core, order)
      .catch((error: unknown) => {
        if (hasCode(error, 'COMPUTE_BUSY')) return;
        notBeforeMs.set(id, core.clock.monotonicMs() + RETRY_MS);
        core.logger.warn({ compute: name, error: toDozeError(error).message }, 'could not be suspended for its quota');
      })
      .finally(() => underWay.delete(id));
  }

  return core.clock.every(TICK_MS, async () => {
    for (const project of core.store.listProjects()) {
      if (Object.keys(project.limits).length === 0) continue;
      try {
        await look(project);
      } catch (error) {
        const { message } = toDozeError(error);
        core.logger.error({ project: project.name, error: message }, 'the quotas of a project could not be looked at');
      }
    }
    overruns.endLook();
  });
}

/** Once each; see `planQuotaRemark`. Who waits for room is told at once. */
function remark(core: Core, { name, notes }: Project, use: QuotaUse): void {
  const { quota, used, limit } = use;
  const nowMs = core.clock.wallMs();
  const type = planQuotaRemark(quota, use, notes[quota] ?? null, nowMs);
  if (type === null) return;
  core.journal.recordOfProject(name, { type, quota, used, limit, resetsAtMs: quotaResetsAtMs(quota, nowMs) });
  core.logger.info({ project: name, quota, used, limit }, type);
  core.room.letIn();
}

async function awakeOf(core: Core, project: string): Promise<AwakeCompute[]> {
  const active = core.store.listComputes({ project, states: ['active'] });
  return Promise.all(
    active.map(async (compute) => ({
      compute,
      idleMs: idleMs(core, compute, await core.gate.facts(compute.id)),
    })),
  );
}

/** In its queue, if it still has to be: a limit may have been lifted, and it may sleep by now. */
async function suspendForQuota(core: Core, { compute, use, isForced }: Order): Promise<void> {
  await core.cells.of(compute.id).queue.run(async () => {
    const current = core.journal.require(compute.id);
    const now = core.quotas.uses(current.project).find(({ quota }) => quota === use.quota);
    if (current.state !== 'active' || now === undefined || !isOverrun(now)) return;
    core.logger.info({ compute: current.name, quota: use.quota, isForced }, 'suspends it for the quota of its project');
    const depth = isForced ? forcedDepth(core, current) : firstDepth(core, current, await core.gate.facts(current.id));
    await takeDown(core, current, { depth, reason: 'quota', isForced, onProgress: () => undefined });
  });
}

/** Frozen in the middle of a command its client would wait for an answer until the quota resets: it is to have an error. */
function forcedDepth(core: Core, compute: Compute): Depth {
  const depth = isDeeper(compute.suspendDepth, 'parked') ? compute.suspendDepth : 'parked';
  return possibleDepth(driverOf(core, compute), compute, depth);
}
