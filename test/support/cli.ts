import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface CliOptions {
  /** Another `bin/run.js` than that of this checkout. */
  readonly program?: string;
  /** DOZE_HOME of the run. */
  readonly home: string;
  /** What comes by stdin; nothing and closed if left out. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** Called as soon as the program has written something to stderr. */
  readonly onStarted?: (kill: (signal: NodeJS.Signals) => void) => void;
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled program as a user does, off a terminal. Never rejects for an exit code. */
export function doze(args: readonly string[], options: CliOptions): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.program ?? bin, ...args], {
      env: { ...withoutDoze(process.env), ...options.env, DOZE_HOME: options.home },
      cwd: options.workingDirectory ?? options.home,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr === '') options.onStarted?.((signal) => child.kill(signal));
      stderr += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Above the range that doze has by itself. */
const FIRST_PORT = 24_400;
const PORTS_EACH = 100;

/** A home of its own; at its end its agent, its computes and its files are gone. */
export interface TestHome extends AsyncDisposable {
  readonly path: string;
  run(...args: string[]): Promise<CliRun>;
  /** Runs with `--json`, expects success, and gives what was printed. */
  json<Result = Record<string, unknown>>(...args: string[]): Promise<Result>;
}

export function createTestHome(
  env: Readonly<Record<string, string>> = {},
  directory: TemporaryDirectory = createTemporaryDirectory(),
): TestHome {
  const home = directory.path;
  const run = (...args: string[]): Promise<CliRun> =>
    doze(args, { home, env: { DOZE_GATEWAY_PORTS: ownPorts(), ...env } });
  return {
    path: home,
    run,
    json: async <Result>(...args: string[]) => {
      const outcome = await run(...args, '--json');
      if (outcome.code !== 0) {
        throw new Error(`doze ${args.join(' ')} exited with ${outcome.code}: ${outcome.stdout}${outcome.stderr}`);
      }
      return JSON.parse(outcome.stdout) as Result;
    },
    [Symbol.asyncDispose]: async () => {
      const isRunning = (await run('agent', 'status')).code === 0;
      if (isRunning) await removeComputes(run);
      await run('agent', 'stop');
      directory[Symbol.dispose]();
    },
  };
}

/**
 * A range for each of the test files that run side by side: a home whose compute is gone for a moment would else find
 * its port taken by another's.
 */
function ownPorts(): string {
  const first = FIRST_PORT + PORTS_EACH * Number(process.env['VITEST_POOL_ID'] ?? 0);
  return `${first}-${first + PORTS_EACH - 1}`;
}

async function removeComputes(run: TestHome['run']): Promise<void> {
  const { stdout } = await run('compute', 'list', '--all', '--destroyed', '--json');
  const kept = JSON.parse(stdout) as { name: string; project: string }[];
  const awake = JSON.parse((await run('compute', 'list', '--all', '--json')).stdout) as typeof kept;
  for (const { name, project } of [...kept, ...awake]) {
    await run('compute', 'destroy', name, '--project', project, '--purge', '--confirm', name);
  }
}

/** A setting of the person or machine that runs the tests must not decide how they end. */
function withoutDoze(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(DOZE_|NO_COLOR|FORCE_COLOR)/.test(name)));
}
