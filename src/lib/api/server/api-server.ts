import { fastify } from 'fastify';

import type { Clock } from '../../clock.ts';
import type { DozePaths } from '../../config/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import { API_PREFIX, VERSION_HEADER } from '../protocol.ts';
import type { AgentServices } from '../services.ts';
import { createRouteAdder, requireOnlyRoutes } from './add-route.ts';
import { answerErrors } from './answer-errors.ts';
import { HTTP_TIMEOUTS, httpLimits, requireHost, type HttpTimeouts } from './http-limits.ts';
import { listenOnSocket, removeSocket } from './listen-on-socket.ts';
import { readJsonOnly } from './read-json.ts';
import { addAllRoutes } from './routes/index.ts';

export interface ApiServerDeps {
  readonly services: AgentServices;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ApiServerOptions {
  readonly version: string;
  readonly paths: Pick<DozePaths, 'home' | 'socket'>;
  readonly timeouts?: HttpTimeouts;
}

export interface ApiServer {
  /** Only for the owner of the home's lock: what is left of an earlier socket is replaced. */
  listen(): Promise<void>;
  /**
   * Takes no more requests, gives those that wait for something an end, and lets operations end by themselves until
   * the signal aborts; after that their streams end with AGENT_STOPPING.
   */
  close(hurry: AbortSignal): Promise<void>;
}

/** Requests are checked by the contract's own schemas; the framework's compilers would cost a third of the start. */
const NO_COMPILERS = { buildValidator: noCompiler, buildSerializer: noCompiler };

function noCompiler(): never {
  throw new DozeError('INTERNAL', 'routes have no schemas of the framework');
}

export function createApiServer(deps: ApiServerDeps, options: ApiServerOptions): ApiServer {
  const stopping = new AbortController();
  const cutOff = new AbortController();
  let isListening = false;
  const server = fastify({
    logger: false,
    return503OnClosing: false,
    schemaController: { compilersFactory: NO_COMPILERS },
    ...httpLimits(options.version, options.timeouts ?? HTTP_TIMEOUTS),
  });

  server.addHook('onRequest', async (request, reply) => {
    void reply.header(VERSION_HEADER, options.version);
    if (stopping.signal.aborted) throw stoppingError();
    requireHost(request);
  });
  answerErrors(server, deps.logger);
  readJsonOnly(server);
  requireOnlyRoutes(server);
  const context = { ...deps, stopping: stopping.signal, cutOff: cutOff.signal };
  server.register(
    (api, _options, done) => {
      addAllRoutes(createRouteAdder(api, context), deps.services, options.version);
      done();
    },
    { prefix: API_PREFIX },
  );

  return {
    async listen() {
      await listenOnSocket(server, options.paths);
      isListening = true;
    },
    async close(hurry) {
      stopping.abort(stoppingError());
      const cut = (): void => cutOff.abort(stoppingError());
      hurry.addEventListener('abort', cut, { once: true });
      if (hurry.aborted) cut();
      if (isListening) removeSocket(options.paths);
      isListening = false;
      await server.close();
      hurry.removeEventListener('abort', cut);
    },
  };
}

function stoppingError(): DozeError {
  return new DozeError(
    'AGENT_STOPPING',
    'the agent is stopping; computes go on, and the next agent finishes what is under way',
    {
      hint: 'doze agent start',
    },
  );
}
