import { formatLadder, ladderOf, type Compute } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import { ladderFor } from './choose-ladder.ts';
import { create } from './create.ts';
import { leaseLengthOf, leaseNotes, renewAtStart, requireEphemeral } from './lease.ts';
import { openOnPort } from './open-port.ts';
import { outcome, type Caller, type OnProgress, type OperationOutcome } from './outcome.ts';
import { resizeByRequest } from './resize-by-request.ts';
import { resumeByRequest } from './resume-by-request.ts';
import { changedPolicies } from './session-policies.ts';
import { setConnectionPool } from './set-connection-pool.ts';
import type { StartOptions } from './start-options.ts';

/** Create if new, resume if asleep, nothing if awake. The caller lets one start of a name in at a time. */
export async function start(
  core: Core,
  project: string,
  name: string,
  options: StartOptions,
  caller: Caller,
): Promise<OperationOutcome> {
  const existing = core.store.findCompute(project, name);
  if (existing !== null) {
    if (options.restore === true) {
      throw new DozeError(
        'NAME_IN_USE',
        `compute "${name}" exists: the destroyed one of that name cannot come back beside it`,
        {
          hint: `doze compute show ${name}`,
        },
      );
    }
    const notes = [
      ...applyOptions(core, existing, options),
      ...renewAtStart(core, existing, options),
      ...applyPool(core, existing, options),
      ...(await applySize(core, existing, options, caller.onProgress)),
    ];
    const result = await resumeByRequest(core, existing, caller);
    return { ...result, notes: [...notes, ...result.notes] };
  }
  if (options.restore === true) return restore(core, project, name, options, caller);
  const kept = core.store.findRestorable(project, name);
  const compute = await create(core, project, name, options, caller);
  return outcome(
    compute,
    'created',
    ...leaseNotes(core, compute),
    ...(kept === null
      ? []
      : [
          `the data of the destroyed "${name}" is kept apart; it can be restored under this name once this one is destroyed`,
        ]),
  );
}

async function restore(
  core: Core,
  project: string,
  name: string,
  options: StartOptions,
  caller: Caller,
): Promise<OperationOutcome> {
  const kept = core.store.findRestorable(project, name);
  if (kept === null) {
    throw new DozeError(
      'NOTHING_TO_RESTORE',
      `no data of a destroyed compute "${name}" is kept in project "${project}"`,
    );
  }
  if (leaseLengthOf(options) !== null) requireEphemeral(kept);
  await core.cells.of(kept.id).queue.run(async () => {
    core.quotas.requireCompute(kept);
    const restored = core.journal.record(kept.id, { type: 'restored' });
    await openOnPort(core, restored);
  });
  const { compute } = await resumeByRequest(core, core.journal.require(kept.id), caller);
  return outcome(compute, 'restored');
}

/** What may be changed later is changed; what was fixed at creation is refused. */
function applyOptions(core: Core, compute: Compute, options: StartOptions): string[] {
  refuseFixed(compute, options);
  const before = ladderOf(compute);
  const changes = ladderFor(
    driverOf(core, compute),
    { ...options, ...(compute.storage === undefined ? {} : { storage: compute.storage }) },
    { ladder: before, byHand: compute.suspendDepth },
  );
  const isSame =
    formatLadder(ladderOf(changes)) === formatLadder(before) && changes.suspendDepth === compute.suspendDepth;
  const policies = changedPolicies(compute, options);
  if (isSame && policies === null) return [];
  core.journal.record(compute.id, { type: 'settingsChanged', changes: { ...(isSame ? {} : changes), ...policies } });
  return [
    ...(isSame ? [] : ['its suspend settings were changed']),
    ...(policies === null ? [] : ['what its sessions may was changed']),
  ];
}

function applyPool(core: Core, { id }: Compute, options: StartOptions): string[] {
  const { action } = setConnectionPool(core, core.journal.require(id), options);
  return action === 'unchanged' ? [] : ['its connection pool was changed: new sessions go by it'];
}

async function applySize(
  core: Core,
  { id }: Compute,
  { size }: StartOptions,
  onProgress: OnProgress,
): Promise<readonly string[]> {
  if (size === undefined) return [];
  const { action, notes } = await core.cells.of(id).queue.run(() => resizeByRequest(core, id, size, onProgress));
  return action === 'unchanged' ? [] : ['its size was changed', ...notes];
}

function refuseFixed(compute: Compute, options: StartOptions): void {
  if (leaseLengthOf(options) !== null) requireEphemeral(compute);
  const fixed: readonly (readonly [string, unknown, unknown])[] = [
    ['engine', options.engine, compute.engine],
    ['engine version', options.version, compute.engineVersion],
    ['image', options.image, compute.image],
    ['driver', options.driver === 'auto' ? undefined : options.driver, compute.driver],
    ['port', options.port, compute.port],
    ['user', options.user, compute.user],
    ['database', options.database, compute.database],
    ['Page Server', options.storage?.pageServer, compute.storage?.pageServer],
    ['Safekeepers', options.storage?.safekeepers, compute.storage?.safekeepers],
  ];
  const clash = fixed.find(([, asked, has]) => asked !== undefined && asked !== has);
  if (clash === undefined) return;
  const [what, asked, has] = clash;
  throw new DozeError(
    'SETTING_FIXED',
    `compute "${compute.name}" exists with ${what} ${String(has)}; it cannot become ${String(asked)}`,
    {
      hint: `leave the option out, or choose another name`,
    },
  );
}
