import type { Interfaces } from '@oclif/core';

import type { CommandIndex } from './command-index.ts';

/**
 * As much of oclif's configuration as a command of ours uses. oclif's own loads plugins, hooks, themes and shells,
 * and loads them a second time when a command runs: more than everything else that `doze compute list` does.
 */
export function createOclifConfig(root: string, { version }: CommandIndex): Interfaces.Config {
  const config: Partial<Interfaces.Config> = {
    root,
    version,
    bin: 'doze',
    name: 'doze',
    topicSeparator: ' ',
    scopedEnvVarKey: (name) => `DOZE_${name}`,
    scopedEnvVarKeys: (name) => [`DOZE_${name}`],
    runHook: () => Promise.resolve({ successes: [], failures: [] }),
  };
  return config as Interfaces.Config;
}
