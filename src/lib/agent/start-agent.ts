import { createApiServer } from '../api/index.ts';
import { createDeadline, type Clock } from '../clock.ts';
import type { AgentSettings, Environment } from '../config/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';
import { createStore, type Store } from '../store/index.ts';
import { keepAuditTrail } from './access/audit-trail.ts';
import { createTokens } from './access/token-book.ts';
import { openRemote, type Remote } from './remote.ts';
import type { AgentCore, Running } from './running.ts';
import { createServices } from './services/index.ts';
import type { Starts } from './thrift.ts';

export interface StartAgentOptions {
  readonly version: string;
  readonly environment: Environment;
  readonly settings: AgentSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when the API is asked to stop. */
  readonly onStopAsked: () => void;
}

export interface Agent {
  readonly starts: Starts;
  /** Ends everything in the reverse order, but no compute. `hurry` cuts what is waited for. Never throws. */
  close(hurry: AbortSignal): Promise<void>;
}

/** How long requests that are under way have to end by themselves. */
const GRACE_MS = 5_000;

/** The API answers first, so that whoever waits for the agent sees it; then comes the rest. */
export async function startAgent(options: StartAgentOptions): Promise<Agent> {
  const { version, environment, settings, clock, logger } = options;
  const { paths } = environment;
  const store = createStore({ path: paths.database });
  const started = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  const beginning = Promise.withResolvers<Running>();
  // Whoever asks for it hears of a failure; nobody may be asking.
  beginning.promise.catch(() => undefined);
  const tokens = createTokens(store, clock);
  const trail = keepAuditTrail({ records: store, clock, logger }, settings.auditKeepMs);
  let remote: Remote | null = null;
  const base = {
    ...{ version, paths, settings, store, tokens, clock, logger, started, stop: options.onStopAsked },
    remoteFacts: () => remote?.facts() ?? null,
  };
  const core: AgentCore = { ...base, running: beginning.promise };
  const services = createServices(core);
  const api = createApiServer({ services, clock, logger, tokens, trail }, { version, paths, localName: localName() });
  let running: Running | null = null;

  async function close(hurry: AbortSignal): Promise<void> {
    using grace = createDeadline(GRACE_MS, () => new DozeError('AGENT_STOPPING', 'no more time'), hurry);
    const attempt = createAttempt(logger);
    await attempt('api', () => api.close(grace.signal));
    await attempt('remote', () => remote?.[Symbol.dispose]());
    await attempt('trail', () => trail.close());
    await attempt('tls', () => running?.tlsWatch?.[Symbol.dispose]());
    await attempt('gateway', async () => {
      const drained = await running?.gateway.shutDown(hurry);
      if (drained !== undefined) logger.info({ ...drained }, 'sessions have ended');
    });
    await attempt('traffic', () => running?.control.collectTraffic());
    await attempt('control', () => running?.control.close());
    await attempt('storage', () => running?.storage.close());
    for (const driver of running?.drivers.all() ?? []) await attempt(driver.name, () => driver.close());
    await attempt('store', () => store.close());
  }

  try {
    await api.listen();
    remote = await openRemote(base, api);
    const { compose } = await import('./compose.ts');
    running = await compose(base, environment);
    watchReconcile(running, logger);
    beginning.resolve(running);
    const { sharedPort } = running.gateway;
    logger.info({ version, home: paths.home, sharedPort, remote: base.remoteFacts() }, 'the agent is up');
    return { close, starts: startsOf(store, running) };
  } catch (error) {
    beginning.reject(error);
    await close(AbortSignal.abort());
    throw error;
  }
}

function startsOf(store: Store, { control }: Running): Starts {
  return {
    isAny: () => store.listComputes({ states: ['creating', 'resuming'] }).length > 0,
    onChange: (listener) => control.onChange(listener),
  };
}

/** Whoever may open the socket: its owner. */
function localName(): string {
  return `uid ${process.getuid?.() ?? 'unknown'}`;
}

/** Each part gets its end, whatever the one before did. */
function createAttempt(logger: Logger): (part: string, end: () => void | Promise<void> | undefined) => Promise<void> {
  return async (part, end) => {
    try {
      await end();
    } catch (error) {
      logger.error({ err: toDozeError(error), part }, 'a part of the agent did not end well');
    }
  };
}

function watchReconcile({ reconciled }: Running, logger: Logger): void {
  reconciled.then(
    () => logger.info({}, 'records and instances agree'),
    (error: unknown) => logger.error({ err: toDozeError(error) }, 'records and instances could not be compared'),
  );
}
