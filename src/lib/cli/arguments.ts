import { string } from '@oclif/core/args';

import { DozeError } from '../errors/index.ts';

/** The compute's name, as most commands take it. Arguments never come from stdin: a script would hang there. */
export const computeArgument = string({ description: 'name of the compute', required: true, ignoreStdin: true });
export const optionalComputeArgument = string({ description: 'name of the compute', ignoreStdin: true });

export const projectArgument = string({ description: 'name of the project', required: true, ignoreStdin: true });
export const optionalProjectArgument = string({ description: 'name of the project', ignoreStdin: true });

export const snapshotArgument = string({ description: 'name of the snapshot', required: true, ignoreStdin: true });
export const optionalSnapshotArgument = string({ description: 'name of the snapshot', ignoreStdin: true });

export const rateCardArgument = string({ description: 'name of the rate card', required: true, ignoreStdin: true });

export const settingArgument = string({ description: 'name of the setting', required: true, ignoreStdin: true });

export const storageArgument = string({
  description: 'name of the Page Server or Safekeeper group',
  required: true,
  ignoreStdin: true,
});

/** A whole number from a flag. @throws VALUE_INVALID */
export function parseCount(text: string, flag: string, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= max) return value;
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: `use a whole number from 1 to ${max}`,
  });
}

/** One of several words from a flag. @throws VALUE_INVALID */
export function parseChoice<const Choice extends string>(
  text: string,
  flag: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: `use one of ${choices.join(', ')}`,
  });
}
