import { homedir } from 'node:os';

import { resolvePaths, type DozePaths } from './paths.ts';

/** What doze takes from its environment. Empty variables count as not set. */
export interface Environment {
  readonly paths: DozePaths;
  readonly workingDirectory: string;
  /** All `DOZE_...` variables, by name: settings among them. */
  readonly doze: Readonly<Record<string, string>>;
  /** The variables that say which Docker engine is meant, as they are. */
  readonly docker: Variables;
  readonly path: string;
  readonly term: string | null;
  /** NO_COLOR, whatever its value. */
  readonly noColor: boolean;
  readonly ci: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

const DOCKER_VARIABLES = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CONFIG',
  'SSH_AUTH_SOCK',
] as const;

/** The only reader of `process.env`. */
export function readEnvironment(variables: Variables = process.env): Environment {
  const read = (name: string): string | null => (variables[name] === '' ? null : (variables[name] ?? null));
  const homeDirectory = read('HOME') ?? homedir();
  const workingDirectory = process.cwd();
  return Object.freeze({
    paths: resolvePaths({
      platform: process.platform,
      homeDirectory,
      workingDirectory,
      dozeHome: variables['DOZE_HOME'],
      xdgDataHome: variables['XDG_DATA_HOME'],
    }),
    workingDirectory,
    doze: dozeVariables(variables),
    docker: { ...pick(variables, DOCKER_VARIABLES), HOME: homeDirectory },
    path: read('PATH') ?? '',
    term: read('TERM'),
    noColor: read('NO_COLOR') !== null,
    ci: read('CI') !== null && read('CI') !== 'false',
  });
}

/**
 * How many heaps the C library may open for threads of its own accord, each of which keeps what was freed in it. What is
 * small has a cache of its own in every thread, so that none waits for another: an agent of a thousand computes takes 10 MB
 * less with one.
 */
const HEAPS = { name: 'MALLOC_ARENA_MAX', value: '1' } as const;

/**
 * By these a CI runner (GitHub Actions, Jenkins) knows what a job has left behind, and ends it with the job. An agent is there
 * for the next job too, and is what destroys the ephemeral computes of one that died.
 */
const JOB_MARKS: ReadonlySet<string> = new Set(['RUNNER_TRACKING_ID', 'JENKINS_NODE_COOKIE', 'JENKINS_SERVER_COOKIE']);

/** The environment of an agent that is to work on the same home, wherever it runs. */
export function childEnvironment(paths: DozePaths, variables: Variables = process.env): Variables {
  // They are for one command, and nobody is to find them in the environment of a process that stays.
  const { DOZE_STORAGE_SECRET: _storage, DOZE_PUSH_SECRET: _push, DOZE_TOKEN: _token, ...others } = variables;
  const kept = Object.entries(others).filter(([name]) => !JOB_MARKS.has(name));
  return { [HEAPS.name]: HEAPS.value, ...Object.fromEntries(kept), DOZE_HOME: paths.home };
}

/** What was meant for the agent alone: database servers that it starts have many threads, and use for many heaps. */
export function keepFromChildren(variables: NodeJS.ProcessEnv = process.env): void {
  if (variables[HEAPS.name] === HEAPS.value) Reflect.deleteProperty(variables, HEAPS.name);
}

function dozeVariables(variables: Variables): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith('DOZE_') && value !== undefined && value !== '') found[name] = value;
  }
  return found;
}

function pick(variables: Variables, names: readonly string[]): Variables {
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}
