import type { TagServices } from '../../api/index.ts';
import type { AgentCore } from '../running.ts';

/** Records as callers name them, for requests that depend on nothing having changed. */
export function createTagServices(core: AgentCore): TagServices {
  const { store } = core;
  return {
    recordOf(what, params) {
      const { project, name } = params as { readonly project?: string; readonly name?: string };
      if (what === 'project') return store.getProject(project ?? name ?? '')?.seq ?? null;
      const compute = store.findCompute(project ?? '', name ?? '') ?? store.findRestorable(project ?? '', name ?? '');
      return compute?.seq ?? null;
    },
    async untilQuiet(what, params, signal) {
      const { control, reconciled } = await core.running;
      await reconciled;
      if (what === 'project') return;
      const { project = '', name = '' } = params as { readonly project?: string; readonly name?: string };
      await control.operations.untilQuiet(project, name, signal);
    },
  };
}
