import { DozeError } from '../errors/index.ts';
import type { Project, ProjectSettings } from './project.ts';
import type { QuotaName } from './quota.ts';

/** What a remark on a quota says. */
interface QuotaFacts {
  readonly quota: QuotaName;
  readonly used: number;
  readonly limit: number;
  /** When it comes down by itself; null where it does not. */
  readonly resetsAtMs: number | null;
}

/** Everything that can happen to a project itself, past tense, in the same log as what happens to its computes. */
export type ProjectEvent =
  | ({ readonly type: 'projectCreated' } & ProjectSettings)
  /** With all of its settings as they are from then on. */
  | ({ readonly type: 'projectChanged' } & ProjectSettings)
  | { readonly type: 'projectDeleted' }
  /** Most of it is used. */
  | ({ readonly type: 'quotaWarning' } & QuotaFacts)
  /** All of it is used. */
  | ({ readonly type: 'quotaReached' } & QuotaFacts)
  /** There is some again after all of it was used. */
  | ({ readonly type: 'quotaReset' } & QuotaFacts);

export type ProjectEventType = ProjectEvent['type'];

/** An event of whatever kind. */
interface Typed {
  readonly type: string;
}

interface ProjectStamp {
  readonly name: string;
  readonly seq: number;
  readonly atMs: number;
}

/**
 * The reducer of projects: pure. A deleted one may be created again, and begins anew.
 * @throws STATE_CONFLICT when there is one already, or none
 */
export function applyProjectEvent(before: Project | null, event: ProjectEvent, stamp: ProjectStamp): Project {
  const { name, seq, atMs } = stamp;
  const live = before?.deletedAtMs !== null ? null : before;
  if (event.type === 'projectCreated') {
    if (live !== null) {
      throw new DozeError('STATE_CONFLICT', `project "${name}" is there already`, {
        hint: `doze project show ${name}`,
      });
    }
    return newProject(stamp, event);
  }
  if (live === null) {
    throw new DozeError('STATE_CONFLICT', `there is no project "${name}"`, { hint: `doze project create ${name}` });
  }
  switch (event.type) {
    case 'projectChanged': {
      const { description, tags, limits } = event;
      return { ...live, description, tags, limits, notes: notesUnder(live, event), seq };
    }
    case 'projectDeleted':
      return { ...live, deletedAtMs: atMs, notes: {}, seq };
    case 'quotaWarning':
    case 'quotaReached':
      return {
        ...live,
        notes: {
          ...live.notes,
          [event.quota]: { level: event.type === 'quotaReached' ? 'reached' : 'warned', atMs },
        },
        seq,
      };
    case 'quotaReset': {
      const { [event.quota]: _over, ...notes } = live.notes;
      return { ...live, notes, seq };
    }
  }
}

/** A project that nobody made comes into being with a compute. The same project where nothing changes. */
export function projectOfCompute(before: Project | null, event: Typed, stamp: ProjectStamp): Project | null {
  const brings = event.type === 'createRequested' || event.type === 'restored';
  if (!brings || (before !== null && before.deletedAtMs === null)) return before;
  return newProject(stamp, { description: null, tags: {}, limits: {} });
}

function newProject({ name, seq, atMs }: ProjectStamp, { description, tags, limits }: ProjectSettings): Project {
  return { name, description, tags, limits, createdAtMs: atMs, deletedAtMs: null, notes: {}, seq };
}

/** What was said of another limit is not said of this one. */
function notesUnder(before: Project, { limits }: ProjectSettings): Project['notes'] {
  const kept = Object.entries(before.notes).filter(([quota]) => {
    const name = quota as QuotaName;
    return limits[name] !== undefined && limits[name] === before.limits[name];
  });
  return Object.fromEntries(kept);
}

/** Whether an event of the log is about a project and not about one of its computes. */
export function isProjectEvent(event: Typed): event is ProjectEvent {
  return TYPES.has(event.type);
}

const TYPES: ReadonlySet<string> = new Set<ProjectEventType>([
  'projectCreated',
  'projectChanged',
  'projectDeleted',
  'quotaWarning',
  'quotaReached',
  'quotaReset',
]);
