import { basename, dirname } from 'node:path';

import Conf from 'conf';

import { makeHome } from './make-home.ts';
import type { StoredContext } from './stored-context.ts';

/** For a change: the file is replaced as a whole, readable by its owner only. @throws HOME_UNUSABLE */
export function openContextFile(file: string): Conf<Record<string, StoredContext>> {
  makeHome(dirname(file));
  return new Conf<Record<string, StoredContext>>({
    cwd: dirname(file),
    configName: basename(file, '.json'),
    fileExtension: 'json',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  });
}
