import { Command } from '@oclif/core/command';
import type { Interfaces } from '@oclif/core';

import type { ApiClient, CallOptions, OperationResult } from '../api/client/index.ts';
import { createDeadline, createSystemClock } from '../clock.ts';
import {
  createConfiguration,
  createContexts,
  LOCAL_CONTEXT,
  readEnvironment,
  type Configuration,
  type Contexts,
  type Environment,
} from '../config/index.ts';
import { formatDuration, parseDuration, parseName } from '../domain/index.ts';
import { DozeError, hasCode } from '../errors/index.ts';
import { globalFlags } from './global-flags.ts';
import { createInterrupt, type Interrupt } from './interrupt.ts';
import { createOutput, isTerminal, type Output } from './output.ts';
import { createProgress, type Progress } from './progress.ts';

/** What every command is given: its flags, its streams, the agent's API, and an end to all waiting. */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;

  protected readonly clock = createSystemClock();
  protected readonly environment: Environment = readEnvironment();
  protected output!: Output;
  protected configuration!: Configuration;
  #typedName: string | null = null;
  #typedProject: string | null = null;
  /** Of `--timeout`. */
  protected timeoutMs: number | null = null;
  #interrupt: Interrupt | null = null;
  #call: CallOptions | null = null;
  #api: ApiClient | null = null;

  /** Runs the command as it is. oclif's own `run` would first load a configuration that we have no use for. */
  static async execute(this: Constructor, argv: readonly string[], config: Interfaces.Config): Promise<void> {
    await new this([...argv], config)._run();
  }

  abstract override run(): Promise<void>;

  /** oclif looks for deprecated commands here; there are none. */
  protected override init(): Promise<void> {
    return Promise.resolve();
  }

  /** First thing in `run`: reads what was typed. */
  protected async open<F extends Flags, B extends Flags, A extends Args>(
    command: Interfaces.Input<F, B, A>,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await this.parse(command);
    const global = parsed.flags as unknown as GlobalFlagValues;
    for (const [name, { type }] of Object.entries({ ...globalFlags, ...command.flags }) as [
      string,
      { type: string },
    ][]) {
      if (type === 'boolean') (parsed.flags as Record<string, unknown>)[name] ??= false;
    }
    this.output = await createOutput({
      stdout: process.stdout,
      stderr: process.stderr,
      isJson: global.json,
      isQuiet: global.quiet,
      noColour: global['no-color'],
      env: this.environment,
    });
    this.timeoutMs = global.timeout === undefined ? null : parseDuration(global.timeout);
    this.configuration = createConfiguration(this.environment, { context: global.context, project: global.project });
    this.configuration.value('context');
    return parsed;
  }

  /** Of the flag, else the environment, the project file, the context's token, what is stored, the default. */
  protected get project(): string {
    const { value, source } = this.configuration.resolve('project');
    // Who has but one project there need not say so; what is stored here was meant for all contexts.
    const isSaid = source !== 'default' && source !== 'stored';
    return isSaid || !this.isRemote ? value : (this.contexts.require(this.context).project ?? value);
  }

  /** Of `--project` alone: for what is of all projects unless one is typed. */
  protected get typedProject(): string | null {
    const { value, source } = this.configuration.resolve('project');
    return source === 'flag' ? value : null;
  }

  /** @throws NAME_INVALID */
  protected computeName(typed: string): string {
    this.#typedName = parseName(typed);
    return this.#typedName;
  }

  /** Of a command that is about a project. @throws NAME_INVALID */
  protected projectName(typed: string): string {
    this.#typedProject = parseName(typed, 'project');
    return this.#typedProject;
  }

  protected get interrupt(): Interrupt {
    this.#interrupt ??= createInterrupt();
    return this.#interrupt;
  }

  /** Aborts on Ctrl-C and after `--timeout`. */
  protected get signal(): AbortSignal {
    return this.call.signal ?? this.interrupt.signal;
  }

  /** Options for calls of the API: they end with the command's own deadline. */
  protected get call(): CallOptions {
    this.#call ??= this.#createCall();
    return this.#call;
  }

  /** The agent's API; the agent is started if need be. */
  protected async api(): Promise<ApiClient> {
    this.#api ??= await this.#connect();
    return this.#api;
  }

  /** Name of the agent that is talked to. */
  protected get context(): string {
    return this.configuration.value('context');
  }

  protected get isRemote(): boolean {
    return this.context !== LOCAL_CONTEXT;
  }

  protected get contexts(): Contexts {
    return createContexts(this.environment.paths);
  }

  /** For what is about the machine that it is typed on. @param what for people: `doze agent start`. @throws LOCAL_ONLY */
  protected requireLocal(what: string): void {
    if (!this.isRemote) return;
    throw new DozeError(
      'LOCAL_ONLY',
      `\`${what}\` is about the machine that it is typed on, and the context is "${this.context}"`,
      {
        hint: `here: ${what} --context local; there: the same on that machine`,
      },
    );
  }

  /** A hint for the person at the terminal; scripts have no use for it. */
  protected tip(text: string): void {
    if (isTerminal(process.stderr)) this.output.note(this.output.notePaint.faint(text));
  }

  /** What the agent remarks on what it did; where it did nothing, that is the result already. */
  protected noteAll({ action, notes }: OperationResult): void {
    if (action !== 'unchanged') for (const note of notes) this.output.note(note);
  }

  protected async isAgentRunning(): Promise<boolean> {
    const { isAnswering } = await import('../api/client/index.ts');
    return isAnswering(this.environment.paths.socket);
  }

  /** Whether somebody is there to be asked. */
  protected get isInteractive(): boolean {
    return isTerminal(process.stdin) && isTerminal(process.stderr) && !this.output.isJson;
  }

  /** Whether there is a terminal for a table that changes and for keys. */
  protected get hasScreen(): boolean {
    return isTerminal(process.stdin) && isTerminal(process.stdout) && this.environment.term !== 'dumb';
  }

  protected get progress(): Progress {
    const isAnimated =
      isTerminal(process.stderr) &&
      process.stderr.columns > 0 &&
      this.environment.term !== 'dumb' &&
      !this.environment.ci;
    return createProgress({ output: this.output, clock: this.clock, isTerminal: isAnimated });
  }

  protected override async catch(error: Error & { exitCode?: number }): Promise<void> {
    if (hasCode(error, 'PROJECT_NOT_FOUND') && this.#api !== null && this.#typedProject !== null) {
      const { withNearestProject } = await import('./nearest-project.ts');
      throw await withNearestProject(error, this.#typedProject, this.#api);
    }
    if (!hasCode(error, 'COMPUTE_NOT_FOUND') || this.#api === null || this.#typedName === null) throw error;
    const { withNearestName } = await import('./nearest-compute.ts');
    throw await withNearestName(error, this.#typedName, this.#api, this.project);
  }

  protected override async finally(): Promise<void> {
    this.#api?.close();
    this.#interrupt?.[Symbol.dispose]();
    await Promise.resolve();
  }

  async #connect(): Promise<ApiClient> {
    if (this.isRemote) {
      const context = this.contexts.require(this.context);
      const { connectRemote } = await import('./contexts/index.ts');
      return connectRemote(context, this.environment, this.config.version);
    }
    return (await this.isAgentRunning()) ? this.#reachAgent() : this.#startAgent();
  }

  async #reachAgent(): Promise<ApiClient> {
    const { createApiClient } = await import('../api/client/index.ts');
    return createApiClient({ socketPath: this.environment.paths.socket, version: this.config.version });
  }

  async #startAgent(): Promise<ApiClient> {
    const { connectAgent } = await import('./agent-connection.ts');
    const { environment, signal } = this;
    const { root, version } = this.config;
    return this.progress.run('Starting the agent', () => connectAgent({ environment, version, root, signal }));
  }

  #createCall(): CallOptions {
    const { signal } = this.interrupt;
    const { timeoutMs } = this;
    if (timeoutMs === null) return { signal };
    const error = (): DozeError =>
      this.interrupt.error('TIMED_OUT', `gave up waiting after ${formatDuration(timeoutMs)}`);
    return { signal: createDeadline(timeoutMs, error, signal).signal, timeoutMs: timeoutMs + TIMEOUT_MARGIN_MS };
  }
}

/** The deadline's own message comes first, as it says more than the transport's. */
const TIMEOUT_MARGIN_MS = 1000;

/* eslint-disable @typescript-eslint/no-explicit-any -- oclif's own constraints */
type Flags = Interfaces.OutputFlags<any>;
type Args = Interfaces.OutputArgs<any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

type Constructor = new (argv: string[], config: Interfaces.Config) => BaseCommand;
/** What a file below `commands/` has as its default. */
export type CommandClass = Constructor & Pick<typeof BaseCommand, 'id' | 'execute'>;

interface GlobalFlagValues {
  readonly context?: string;
  readonly project?: string;
  readonly json: boolean;
  readonly 'no-color': boolean;
  readonly quiet: boolean;
  readonly timeout?: string;
}
