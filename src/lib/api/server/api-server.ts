import { fastify } from 'fastify';

import type { Clock } from '../../clock.ts';
import type { DozePaths } from '../../config/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import { API_PREFIX, VERSION_HEADER } from '../protocol.ts';
import type { AgentServices } from '../services.ts';
import type { AuditTrail, TokenBook } from '../access.ts';
import { guardRequests } from './access/guard.ts';
import type { RemoteListener, RemoteListenerOptions } from './access/remote-listener.ts';
import { createRouteAdder, requireOnlyRoutes } from './add-route.ts';
import { answerErrors } from './answer-errors.ts';
import { HTTP_TIMEOUTS, httpLimits, refuseConnection, requireHost, type HttpTimeouts } from './http-limits.ts';
import { listenOnSocket, removeSocket } from './listen-on-socket.ts';
import { createOnce } from './operations/once.ts';
import { createOperationBook } from './operations/operation-book.ts';
import { readJsonOnly } from './read-json.ts';
import { addAllRoutes } from './routes/index.ts';

export interface ApiServerDeps {
  readonly services: AgentServices;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tokens: TokenBook;
  readonly trail: AuditTrail;
}

export interface ApiServerOptions {
  readonly version: string;
  readonly paths: Pick<DozePaths, 'home' | 'socket'>;
  readonly timeouts?: HttpTimeouts;
  /** How the owner of the Unix socket is called in the audit trail. */
  readonly localName: string;
}

export interface ListenOptions extends Omit<RemoteListenerOptions, 'onClientError' | 'timeouts'> {
  /** Requests a second of one token. */
  readonly perSecond: number;
}

export interface ApiServer {
  /** Only for the owner of the home's lock: what is left of an earlier socket is replaced. */
  listen(): Promise<void>;
  /** Lets in others too, by TLS and with a token. @throws PORTS_TAKEN, CONFIG_INVALID */
  listenRemote(options: ListenOptions): Promise<Omit<RemoteListener, 'close'>>;
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
  const book = createOperationBook({ ...deps, stopping: stopping.signal });
  const guard = guardRequests(server, { ...deps, book, localName: options.localName });
  let remote: RemoteListener | null = null;
  answerErrors(server, deps.logger);
  readJsonOnly(server);
  requireOnlyRoutes(server);
  const once = createOnce({ ...deps, book, keys: deps.services.keys });
  const context = { ...deps, once, tags: deps.services.tags, stopping: stopping.signal, cutOff: cutOff.signal };
  server.register(
    (api, _options, done) => {
      addAllRoutes(createRouteAdder(api, context), { services: deps.services, book, version: options.version });
      done();
    },
    { prefix: API_PREFIX },
  );

  return {
    async listen() {
      await listenOnSocket(server, options.paths);
      isListening = true;
    },
    async listenRemote({ perSecond, ...where }) {
      // Loaded by agents alone that have it: it brings TLS along.
      const [{ listenRemote }, { createIdentify }] = await Promise.all([
        import('./access/remote-listener.ts'),
        import('./access/identify.ts'),
      ]);
      guard.letInStrangers(createIdentify(deps.tokens, deps.clock, perSecond));
      await server.ready();
      remote = await listenRemote((request, reply) => server.routing(request, reply), deps.clock, {
        ...where,
        timeouts: options.timeouts ?? HTTP_TIMEOUTS,
        onClientError: (error, socket) => refuseConnection(error, socket, options.version),
      });
      return remote;
    },
    async close(hurry) {
      stopping.abort(stoppingError());
      const cut = (): void => cutOff.abort(stoppingError());
      hurry.addEventListener('abort', cut, { once: true });
      if (hurry.aborted) cut();
      if (isListening) removeSocket(options.paths);
      isListening = false;
      await Promise.all([remote?.close(cutOff.signal), server.close()]);
      guard.close();
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
