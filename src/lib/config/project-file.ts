import { dirname, join } from 'node:path';

import { DozeError } from '../errors/index.ts';
import { readTexts, type Texts } from './json-file.ts';
import { requireSettingName } from './setting-name.ts';
import { SETTINGS } from './settings.ts';

const PROJECT_FILE = '.doze.json';

export interface ProjectFile {
  readonly file: string;
  readonly texts: Texts;
}

/**
 * The nearest `.doze.json`, from `directory` upwards. It may hold what the command line reads; the agent is one
 * for all directories and has no project file.
 * @throws CONFIG_INVALID
 */
export function findProjectFile(directory: string): ProjectFile | null {
  const file = join(directory, PROJECT_FILE);
  const texts = readTexts(file);
  if (texts !== null) return { file, texts: requireCliSettings(file, texts) };
  const parent = dirname(directory);
  return parent === directory ? null : findProjectFile(parent);
}

function requireCliSettings(file: string, texts: Texts): Texts {
  for (const typed of Object.keys(texts)) {
    const name = requireSettingName(typed, file);
    if (SETTINGS[name].reader === 'cli') continue;
    throw new DozeError('CONFIG_INVALID', `${file}: "${name}" is a setting of the agent, which has no project file`, {
      hint: `remove it there, and use doze config set ${name} VALUE`,
      details: { file, name },
    });
  }
  return texts;
}
