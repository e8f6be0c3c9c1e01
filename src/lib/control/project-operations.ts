import { isDeepStrictEqual } from 'node:util';

import {
  parseName,
  quotaResetsAtMs,
  withChanges,
  type Project,
  type ProjectChanges,
  type ProjectSettings,
  type QuotaUse,
} from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import type { OnProgress } from './outcome.ts';
import { isOverrun } from './quotas/plan-overrun.ts';

interface QuotaStatus extends QuotaUse {
  /** When it comes down by itself; null where it does not. */
  readonly resetsAtMs: number | null;
  /** When what runs is suspended for it; null if it is not. */
  readonly suspendsAtMs: number | null;
}

/** A project with what it has and uses at this moment. */
export interface ProjectStatus {
  readonly project: Project;
  readonly computes: number;
  readonly activeComputes: number;
  readonly quotas: readonly QuotaStatus[];
}

export interface ProjectOutcome {
  readonly status: ProjectStatus;
  readonly action: 'created' | 'changed' | 'deleted' | 'unchanged';
  /** Computes that were destroyed with it. */
  readonly destroyed: readonly string[];
}

export interface DeleteProjectOptions {
  /** Destroys its computes first, instead of refusing while it has any. */
  readonly computes?: boolean;
  /** With their data, at once. */
  readonly purge?: boolean;
}

export interface ProjectOperations {
  /** By name. */
  listProjects(): readonly ProjectStatus[];
  /** @throws PROJECT_NOT_FOUND */
  showProject(name: string): ProjectStatus;
  /** One that is there is changed as it is asked for. @throws NAME_INVALID, VALUE_INVALID */
  createProject(name: string, changes: ProjectChanges): ProjectOutcome;
  /** @throws PROJECT_NOT_FOUND, VALUE_INVALID, NAME_INVALID */
  setProject(name: string, changes: ProjectChanges): ProjectOutcome;
  /** What it used stays in the ledger. @throws PROJECT_NOT_FOUND, PROJECT_NOT_EMPTY */
  deleteProject(name: string, options: DeleteProjectOptions, onProgress: OnProgress): Promise<ProjectOutcome>;
}

/** @param destroy a compute, as a person asks for it */
export function createProjectOperations(
  core: Core,
  destroy: (project: string, name: string, isPurge: boolean, onProgress: OnProgress) => Promise<unknown>,
): ProjectOperations {
  function change(project: Project, changes: ProjectChanges): ProjectOutcome {
    const settings = withChanges(settingsOf(project), changes);
    if (isDeepStrictEqual(settings, settingsOf(project))) return outcomeOf(core, project, 'unchanged');
    const after = core.journal.recordOfProject(project.name, { type: 'projectChanged', ...settings });
    return outcomeOf(core, after, 'changed');
  }

  return {
    listProjects: () => core.store.listProjects().map((project) => statusOf(core, project)),
    showProject: (name) => statusOf(core, requireProject(core, name)),
    createProject(name, changes) {
      parseName(name, 'project');
      const project = findProject(core, name);
      if (project !== null) return change(project, changes);
      const settings = withChanges({ description: null, tags: {}, limits: {} }, changes);
      return outcomeOf(core, core.journal.recordOfProject(name, { type: 'projectCreated', ...settings }), 'created');
    },
    setProject: (name, changes) => change(requireProject(core, name), changes),
    async deleteProject(name, { computes = false, purge = false }, onProgress) {
      const deleted = core.store.getProject(name);
      if (deleted !== null && deleted.deletedAtMs !== null) return outcomeOf(core, deleted, 'unchanged');
      requireProject(core, name);
      const destroyed: string[] = [];
      for (const compute of computes ? core.store.listComputes({ project: name }) : []) {
        onProgress(`destroying "${compute.name}"`);
        await destroy(name, compute.name, purge, onProgress);
        destroyed.push(compute.name);
      }
      refuseWithComputes(core, name);
      const project = core.journal.recordOfProject(name, { type: 'projectDeleted' });
      return { ...outcomeOf(core, project, 'deleted'), destroyed };
    },
  };
}

function settingsOf({ description, tags, limits }: Project): ProjectSettings {
  return { description, tags, limits };
}

function findProject({ store }: Core, name: string): Project | null {
  const project = store.getProject(name);
  return project?.deletedAtMs !== null ? null : project;
}

function requireProject(core: Core, name: string): Project {
  const project = findProject(core, name);
  if (project !== null) return project;
  throw new DozeError('PROJECT_NOT_FOUND', `there is no project "${name}"`, { hint: `doze project create ${name}` });
}

function refuseWithComputes({ store }: Core, name: string): void {
  const { length: count } = store.listComputes({ project: name });
  if (count === 0) return;
  throw new DozeError(
    'PROJECT_NOT_EMPTY',
    `project "${name}" has ${count === 1 ? 'a compute' : `${count} computes`}: it was not deleted`,
    {
      hint: `doze compute list --project ${name}, or with them: doze project delete ${name} --computes --confirm ${name}`,
    },
  );
}

function statusOf(core: Core, project: Project): ProjectStatus {
  const { name } = project;
  const nowMs = core.clock.wallMs();
  const computes = core.store.listComputes({ project: name });
  return {
    project,
    computes: computes.length,
    activeComputes: computes.filter(({ state }) => state === 'active').length,
    quotas: core.quotas.uses(name).map((use) => ({
      ...use,
      resetsAtMs: quotaResetsAtMs(use.quota, nowMs),
      suspendsAtMs: suspendsAtMs(core, project, use),
    })),
  };
}

function suspendsAtMs({ settings }: Core, { notes }: Project, use: QuotaUse): number | null {
  const note = notes[use.quota];
  return isOverrun(use) && note?.level === 'reached' ? note.atMs + settings.quotaGraceMs : null;
}

function outcomeOf(core: Core, project: Project, action: ProjectOutcome['action']): ProjectOutcome {
  return { status: statusOf(core, project), action, destroyed: [] };
}
