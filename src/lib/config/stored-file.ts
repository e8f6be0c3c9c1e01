import { dirname, basename } from 'node:path';

import Conf from 'conf';

import { makeHome } from './make-home.ts';
import type { DozePaths } from './paths.ts';
import type { SettingName } from './settings.ts';

/**
 * Writes one setting, or takes it out; the file is replaced as a whole, readable by its owner only.
 * @throws HOME_UNUSABLE
 */
export function writeStored(paths: Pick<DozePaths, 'configFile'>, name: SettingName, text: string | null): void {
  makeHome(dirname(paths.configFile));
  const store = new Conf<Partial<Record<SettingName, string>>>({
    cwd: dirname(paths.configFile),
    configName: basename(paths.configFile, '.json'),
    fileExtension: 'json',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  });
  if (text === null) store.delete(name);
  else store.set(name, text);
}
