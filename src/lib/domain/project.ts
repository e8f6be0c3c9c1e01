import { DozeError } from '../errors/index.ts';
import { checkLimit, QUOTAS, type ProjectLimits, type QuotaName, type QuotaNote } from './quota.ts';

export type Tags = Readonly<Record<string, string>>;

/** What a person says of a project. */
export interface ProjectSettings {
  readonly description: string | null;
  /** For bills and exports. */
  readonly tags: Tags;
  readonly limits: ProjectLimits;
}

/** A tenant: it follows from its events, and from its first compute if nobody made it before that. */
export interface Project extends ProjectSettings {
  readonly name: string;
  readonly createdAtMs: number;
  /** What was used stays in the ledger all the same; null while it is not deleted. */
  readonly deletedAtMs: number | null;
  /** What was last put on record of each quota that is close to its limit, or at it. */
  readonly notes: Readonly<Partial<Record<QuotaName, QuotaNote>>>;
  /** Sequence number of the last event applied. */
  readonly seq: number;
}

/** Changes as they are asked for: null takes away, what is left out stays. */
export interface ProjectChanges {
  readonly description?: string | null;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly limits?: Readonly<Partial<Record<QuotaName, number | null>>>;
}

const MAX_DESCRIPTION = 500;
const MAX_TAGS = 50;
const TAG_KEY = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/;
const MAX_TAG_VALUE = 256;

/** The settings after the changes. @throws VALUE_INVALID, NAME_INVALID for a tag */
export function withChanges(before: ProjectSettings, changes: ProjectChanges): ProjectSettings {
  const limits = QUOTAS.map((quota) => [quota, changed(before.limits[quota], changes.limits?.[quota])] as const)
    .filter((entry): entry is [QuotaName, number] => entry[1] !== undefined)
    .map(([quota, limit]) => [quota, checkLimit(quota, limit)] as const);
  return {
    description: changes.description === undefined ? before.description : checkDescription(changes.description),
    tags: checkTags({ ...before.tags, ...changes.tags }),
    limits: Object.fromEntries(limits),
  };
}

function changed(before: number | undefined, asked: number | null | undefined): number | undefined {
  return asked === undefined ? before : (asked ?? undefined);
}

function checkDescription(text: string | null): string | null {
  if (text === null || text === '') return null;
  if (text.length <= MAX_DESCRIPTION && isPrintable(text)) return text;
  throw new DozeError('VALUE_INVALID', 'the description is too long, or has control characters', {
    hint: `use one line of at most ${MAX_DESCRIPTION} characters`,
  });
}

/** By key, so that the same tags are the same whoever gave them in which order. */
function checkTags(tags: Readonly<Record<string, string | null>>): Tags {
  const kept = Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== null);
  for (const [key, value] of kept) checkTag(key, value);
  if (kept.length > MAX_TAGS) {
    throw new DozeError('VALUE_INVALID', `a project has ${MAX_TAGS} tags at most`, {
      hint: 'take one away: doze project set NAME --untag KEY',
    });
  }
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function checkTag(key: string, value: string): void {
  if (!TAG_KEY.test(key)) {
    throw new DozeError('NAME_INVALID', `"${key}" cannot be the key of a tag`, {
      hint: 'use letters, digits and _.:/-, beginning with a letter or digit, 64 characters at most: --tag team=shop',
    });
  }
  if (value.length <= MAX_TAG_VALUE && isPrintable(value)) return;
  throw new DozeError('VALUE_INVALID', `the value of the tag "${key}" is too long, or has control characters`, {
    hint: `use at most ${MAX_TAG_VALUE} characters in one line`,
  });
}

function isPrintable(text: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f]/.test(text);
}
