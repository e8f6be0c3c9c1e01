import { DozeError } from '../errors/index.ts';
import type { Environment } from './env.ts';
import { readTexts, type Texts } from './json-file.ts';
import { findProjectFile } from './project-file.ts';
import { SETTING_NAMES, SETTINGS, variableOf, type SettingName, type SettingValue } from './settings.ts';
import { requireSettingName } from './setting-name.ts';

/** Where a value comes from, in the order of who wins. */
export type SettingSource = 'flag' | 'environment' | 'projectFile' | 'stored' | 'default';

export interface Resolved<Value> {
  readonly value: Value;
  /** As it was typed. */
  readonly text: string;
  readonly source: SettingSource;
  /** The variable or file it is from; null for flags and defaults. */
  readonly origin: string | null;
}

/** A line of `config list`. */
export interface SettingView extends Resolved<unknown> {
  readonly name: SettingName;
  readonly reader: 'cli' | 'agent';
  readonly description: string;
  readonly defaultText: string;
}

export interface Configuration {
  /** Of `config.json`, whether it exists or not. */
  readonly file: string;
  /** @throws CONFIG_INVALID when its text cannot be read as a value */
  resolve<Name extends SettingName>(name: Name): Resolved<SettingValue<Name>>;
  value<Name extends SettingName>(name: Name): SettingValue<Name>;
  /** By a name as typed. @throws SETTING_UNKNOWN, CONFIG_INVALID */
  show(name: string): SettingView;
  list(): SettingView[];
  /** @throws SETTING_UNKNOWN, VALUE_INVALID, CONFIG_INVALID */
  set(name: string, text: string): Promise<SettingView>;
  /** @returns whether it was set. */
  unset(name: string): Promise<boolean>;
}

interface Candidate {
  readonly text: string | undefined;
  readonly source: SettingSource;
  readonly origin: string | null;
}

/** Flags are given as texts; what is undefined was not typed. Files are read once, at the first question. */
export function createConfiguration(
  environment: Environment,
  flags: Readonly<Partial<Record<SettingName, string | undefined>>> = {},
): Configuration {
  const file = environment.paths.configFile;
  let files: {
    readonly stored: Texts;
    readonly project: { readonly file: string; readonly texts: Texts } | null;
  } | null = null;

  function readFiles(): NonNullable<typeof files> {
    files ??= { stored: readStored(file), project: findProjectFile(environment.workingDirectory) };
    return files;
  }

  function candidates(name: SettingName): Candidate[] {
    const { stored, project } = readFiles();
    const variable = variableOf(name);
    return [
      { text: flags[name], source: 'flag', origin: null },
      { text: environment.doze[variable], source: 'environment', origin: variable },
      { text: project?.texts[name], source: 'projectFile', origin: project?.file ?? null },
      { text: stored[name], source: 'stored', origin: file },
    ];
  }

  function resolve<Name extends SettingName>(name: Name): Resolved<SettingValue<Name>> {
    const found = candidates(name).find((candidate) => candidate.text !== undefined);
    const text = found?.text ?? SETTINGS[name].defaultText;
    const { source, origin } = found ?? { source: 'default', origin: null };
    return { value: parseFrom(name, text, origin), text, source, origin };
  }

  function view(name: SettingName): SettingView {
    const { reader, description, defaultText } = SETTINGS[name];
    return { name, ...resolve(name), reader, description, defaultText };
  }

  return {
    file,
    resolve,
    value: (name) => resolve(name).value,
    show: (name) => view(requireSettingName(name)),
    list: () => SETTING_NAMES.map(view),
    set: async (typed, text) => {
      const name = requireSettingName(typed);
      parseTyped(name, text);
      readStored(file);
      const { writeStored } = await import('./stored-file.ts');
      writeStored(environment.paths, name, text);
      files = null;
      return view(name);
    },
    unset: async (typed) => {
      const name = requireSettingName(typed);
      if (readStored(file)[name] === undefined) return false;
      const { writeStored } = await import('./stored-file.ts');
      writeStored(environment.paths, name, null);
      files = null;
      return true;
    },
  };
}

function readStored(file: string): Texts {
  const texts = readTexts(file) ?? {};
  for (const name of Object.keys(texts)) requireSettingName(name, file);
  return texts;
}

/** What was typed is typed again, with a value that can be one. */
function parseTyped(name: SettingName, text: string): void {
  try {
    SETTINGS[name].parse(text);
  } catch (error) {
    if (!(error instanceof DozeError)) throw error;
    const hint = `doze config set ${name} VALUE, where VALUE is ${SETTINGS[name].accepts}`;
    throw new DozeError(error.code, `${error.message}: ${name} stays as it is`, { cause: error, hint });
  }
}

/** A bad value is the fault of the place it came from, and the error names that. */
function parseFrom<Name extends SettingName>(name: Name, text: string, origin: string | null): SettingValue<Name> {
  try {
    return SETTINGS[name].parse(text) as SettingValue<Name>;
  } catch (error) {
    if (origin === null || !(error instanceof DozeError)) throw error;
    throw new DozeError('CONFIG_INVALID', `${origin}: ${name}: ${error.message}`, {
      cause: error,
      hint: error.hint ?? `doze config unset ${name}`,
      details: { origin, setting: name },
    });
  }
}
