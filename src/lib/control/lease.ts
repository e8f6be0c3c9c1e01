import { checkLease, DEFAULT_LEASE_MS, formatDuration, leaseFrom, type Compute, type Lease } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { outcome, type OperationOutcome } from './outcome.ts';

const SECOND_MS = 1000;

/** What a person says of it at a start; without `ephemeral` the compute is made to last. */
export interface LeaseOptions {
  readonly ephemeral?: boolean;
  readonly leaseMs?: number;
}

/**
 * Of a new compute, to be counted from its record; null for one that is to last.
 * @throws VALUE_INVALID
 */
export function leaseLengthOf({ ephemeral, leaseMs }: LeaseOptions): number | null {
  if (ephemeral === true) return checkLease(leaseMs ?? DEFAULT_LEASE_MS);
  if (leaseMs === undefined) return null;
  throw new DozeError('VALUE_INVALID', 'only an ephemeral compute has a lease', {
    hint: 'doze compute start NAME --ephemeral --lease 2h',
  });
}

/** Ephemeral is only what was made so: data that somebody meant to keep gets no end by an option. @throws SETTING_FIXED */
export function requireEphemeral({ name, lease }: Compute): Lease {
  if (lease !== undefined && lease !== null) return lease;
  throw new DozeError('SETTING_FIXED', `compute "${name}" is there to stay: it gets no lease, and no end by one`, {
    hint: `choose another name, or make a copy that ends: doze compute clone ${name} NAME --ephemeral`,
  });
}

/**
 * Each start of an ephemeral compute renews its lease, by the same length unless another one is given.
 * @returns what to say of it
 */
export function renewAtStart(core: Core, compute: Compute, options: LeaseOptions): string[] {
  const { lease: before = null } = core.journal.require(compute.id);
  if (before === null) return [];
  const nowMs = core.clock.wallMs();
  const lease = leaseFrom(nowMs, options.leaseMs ?? before.lengthMs);
  core.journal.record(compute.id, { type: 'settingsChanged', changes: { lease } });
  return [`its lease was renewed: ${endSentence(compute, lease, nowMs)}`];
}

/**
 * Another end, counted from now; null has it last.
 * @throws SETTING_FIXED, VALUE_INVALID, STATE_CONFLICT when it is being destroyed already
 */
export function setLease(core: Core, compute: Compute, leaseMs: number | null): OperationOutcome {
  if (leaseMs === null && (compute.lease ?? null) === null)
    return outcome(compute, 'unchanged', `"${compute.name}" is there to stay already`);
  requireEphemeral(compute);
  const nowMs = core.clock.wallMs();
  const lease = leaseMs === null ? null : leaseFrom(nowMs, leaseMs);
  const changed = core.journal.record(compute.id, { type: 'settingsChanged', changes: { lease } });
  const note =
    lease === null ? 'it is ephemeral no more, and stays until it is destroyed' : endSentence(compute, lease, nowMs);
  return outcome(changed, 'changed', note);
}

/** What is said of a new compute; nothing of one that lasts. */
export function leaseNotes(core: Core, compute: Compute): string[] {
  const { lease = null } = compute;
  return lease === null ? [] : [`ephemeral: ${endSentence(compute, lease, core.clock.wallMs())}`];
}

/** For clients and callers of one that is taken away. */
export function leaseOver({ name }: Pick<Compute, 'name'>): DozeError {
  return new DozeError('LEASE_OVER', `the lease of the ephemeral compute "${name}" is over: it is destroyed`, {
    hint: `doze compute start ${name} --ephemeral`,
  });
}

/** What is in a storage tier stays there. */
function endSentence({ storage }: Compute, { expiresAtMs }: Lease, nowMs: number): string {
  const what = storage === undefined ? 'destroyed with its data' : 'destroyed';
  const left = formatDuration(Math.round((expiresAtMs - nowMs) / SECOND_MS) * SECOND_MS);
  const instant = new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${what} in ${left}, at ${instant}, unless it is started again`;
}
