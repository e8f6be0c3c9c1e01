import { projectView, type ProjectServices } from '../../api/index.ts';
import type { ProjectOutcome } from '../../control/index.ts';
import type { ProjectChanges } from '../../domain/index.ts';
import type { AgentCore } from '../running.ts';

export function createProjectServices(core: AgentCore): ProjectServices {
  const operations = async () => {
    const { control, reconciled } = await core.running;
    await reconciled;
    return control.operations;
  };
  return {
    async list({ project }) {
      const { control } = await core.running;
      return control.operations
        .listProjects()
        .filter((status) => project === null || status.project.name === project)
        .map(projectView);
    },
    async show(name) {
      const { control } = await core.running;
      return projectView(control.operations.showProject(name));
    },
    create: async (name, request) => resultOf((await operations()).createProject(name, changesOf(request))),
    set: async (name, request) => resultOf((await operations()).setProject(name, changesOf(request))),
    async delete(name, { computes = false, purge = false }, onProgress) {
      const outcome = await (await operations()).deleteProject(name, { computes, purge }, onProgress);
      // Else they would be good for another project that is given its name.
      for (const { id } of core.tokens.list(name)) core.tokens.revoke(id);
      return resultOf(outcome);
    },
  };
}

type Request = Parameters<ProjectServices['set']>[1];

/** A request's fields may be there and undefined. */
function changesOf({ description, tags, limits }: Request): ProjectChanges {
  const given = Object.entries(limits ?? {}).filter(([, limit]) => limit !== undefined);
  return {
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    limits: Object.fromEntries(given),
  };
}

function resultOf({ status, action, destroyed }: ProjectOutcome) {
  return { project: projectView(status), changed: action !== 'unchanged', action, destroyed: [...destroyed] };
}
