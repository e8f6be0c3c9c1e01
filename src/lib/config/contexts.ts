import { DozeError } from '../errors/index.ts';
import { readIfThere } from './json-file.ts';
import type { DozePaths } from './paths.ts';
import type { StoredContext } from './stored-context.ts';

/** The context that is always there: the agent of this machine and home. */
export const LOCAL_CONTEXT = 'local';

export interface NamedContext extends StoredContext {
  readonly name: string;
}

export interface Contexts {
  readonly file: string;
  /** By name. @throws CONFIG_INVALID */
  list(): readonly NamedContext[];
  /** @throws CONTEXT_NOT_FOUND, CONFIG_INVALID */
  require(name: string): NamedContext;
  /** In place of what has that name. @throws HOME_UNUSABLE */
  put(context: NamedContext): Promise<void>;
  /** @returns whether there was one */
  remove(name: string): Promise<boolean>;
}

/** Kept in a file of the home that only its owner can read, as there are tokens in it. */
export function createContexts({ contextsFile: file }: Pick<DozePaths, 'contextsFile'>): Contexts {
  const read = (): Record<string, StoredContext> => readContexts(file);
  return {
    file,
    list: () =>
      Object.entries(read())
        .map(([name, context]) => ({ ...context, name }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    require(name) {
      const all = read();
      const found = Object.hasOwn(all, name) ? all[name] : undefined;
      if (found !== undefined) return { ...found, name };
      throw new DozeError('CONTEXT_NOT_FOUND', `there is no context "${name}"`, {
        hint: `doze context list, or doze context add ${name} https://HOST:PORT`,
      });
    },
    async put({ name, ...context }) {
      read();
      const { openContextFile } = await import('./context-file.ts');
      openContextFile(file).set(name, context);
    },
    async remove(name) {
      if (!Object.hasOwn(read(), name)) return false;
      const { openContextFile } = await import('./context-file.ts');
      openContextFile(file).delete(name);
      return true;
    },
  };
}

function readContexts(file: string): Record<string, StoredContext> {
  const content = readIfThere(file);
  if (content === null) return {};
  const value = parse(content);
  const isFine = isObject(value) && Object.values(value).every(isContext);
  if (isFine) return value as Record<string, StoredContext>;
  throw new DozeError('CONFIG_INVALID', `${file} does not hold contexts as doze writes them`, {
    hint: `remove ${file}, then add them again: doze context add NAME https://HOST:PORT`,
    details: { file },
  });
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isContext(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { url, fingerprint, token, project } = value;
  const isTextOrNull = (part: unknown): boolean => part === null || typeof part === 'string';
  return typeof url === 'string' && URL.canParse(url) && [fingerprint, token, project].every(isTextOrNull);
}
