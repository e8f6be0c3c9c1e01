import { suggest } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { SETTING_NAMES, type SettingName } from './settings.ts';

/**
 * @param file where the name was found, if it was not typed
 * @throws SETTING_UNKNOWN, or CONFIG_INVALID for a name in a file
 */
export function requireSettingName(text: string, file?: string): SettingName {
  const name = SETTING_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const meant = SETTING_NAMES.find((known) => fold(known) === fold(text));
  if (file === undefined) {
    const near = meant ?? suggest(text, SETTING_NAMES);
    const question = near === null ? '' : `; did you mean ${near}?`;
    throw new DozeError('SETTING_UNKNOWN', `there is no setting "${text}"${question}`, {
      hint: near === null ? 'doze config list' : `doze config get ${near}`,
    });
  }
  throw new DozeError('CONFIG_INVALID', `${file}: there is no setting "${text}"`, {
    hint: meant === undefined ? `remove "${text}" from ${file}` : `did you mean ${meant}?`,
    details: { file, name: text },
  });
}

/** `suspend-after`, `SUSPEND_AFTER` and `DOZE_SUSPEND_AFTER` all mean `suspendAfter`. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/^doze_/, '')
    .replace(/[^a-z0-9]/g, '');
}
