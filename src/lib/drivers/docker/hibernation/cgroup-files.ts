import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemCode } from '../../../errors/index.ts';

/** The files by which the kernel tells of one cgroup and takes orders for it. */
export interface CgroupFiles {
  readonly directory: string;
  /** Empty where this kernel has no such file. */
  read(name: string): Promise<string>;
  write(name: string, value: string): Promise<void>;
}

export function openCgroup(directory: string): CgroupFiles {
  return {
    directory,
    async read(name) {
      try {
        return (await readFile(join(directory, name), 'latin1')).trim();
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return '';
        throw error;
      }
    },
    write: (name, value) => writeFile(join(directory, name), value),
  };
}
