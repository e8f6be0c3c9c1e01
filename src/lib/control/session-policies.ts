import type { Compute, ComputeSpec } from '../domain/index.ts';

/** What a person may set for the sessions of a compute at any time; null is never, or none. */
export type SessionPolicies = Pick<ComputeSpec, (typeof POLICIES)[number]>;

const POLICIES = ['endPinnedAfterMs', 'maxSessions', 'sessionIdleTimeoutMs'] as const;

/** Of a new compute: what is asked for, else as it is set. Null is left out, as by a compute of before there were any. */
export function policiesOfNew(options: SessionPolicies, settings: Required<SessionPolicies>): SessionPolicies {
  return pick((name) => (options[name] === undefined ? settings[name] : options[name]) ?? undefined);
}

/** Of a clone: those of its source. */
export function policiesOf(source: SessionPolicies): SessionPolicies {
  return pick((name) => source[name]);
}

/** Those that are asked for and are not so; null when nothing is to be changed. */
export function changedPolicies(compute: Compute, options: SessionPolicies): SessionPolicies | null {
  const changed = pick((name) => (options[name] === (compute[name] ?? null) ? undefined : options[name]));
  return Object.keys(changed).length === 0 ? null : changed;
}

function pick(valueOf: (name: (typeof POLICIES)[number]) => number | null | undefined): SessionPolicies {
  const entries = POLICIES.map((name) => [name, valueOf(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
