import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

import { DozeError } from '../../errors/index.ts';
import { ALL_ROUTES, type Route } from '../routes/index.ts';
import type { ReportProgress } from '../services.ts';
import { parse } from './parse.ts';
import type { RouteContext } from './route-context.ts';
import { signalOf } from './signal-of.ts';
import { streamOperation } from './stream-operation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the API's table says of the request: for hooks. */
    route?: Route;
  }
}

/** A request whose parts are what its route says. */
export interface Input<Of extends Route> {
  readonly params: z.output<Of['params']>;
  readonly query: z.output<Of['query']>;
  readonly body: z.output<Of['body']>;
  readonly reply: FastifyReply;
  /** Aborts when the caller goes away or the agent stops. */
  signal(): AbortSignal;
}

type Answer<Of extends Route> =
  z.output<Of['answer']> extends (infer Item)[] ? readonly Item[] : z.output<Of['answer']>;

/** Registers what is in the table, and nothing else: each with what carries it out. */
export interface RouteAdder {
  json<Of extends Route<'json'>>(route: Of, answer: (input: Input<Of>) => Promise<Answer<Of>> | Answer<Of>): void;
  /** `gone` aborts when the caller goes away: for what merely waits. */
  operation<Of extends Route<'operation'>>(
    route: Of,
    run: (input: Input<Of>, onProgress: ReportProgress, gone: AbortSignal) => Promise<Answer<Of>>,
  ): void;
  /** A text, or lines without their ends. */
  text<Of extends Route<'text'>>(
    route: Of,
    answer: (input: Input<Of>) => Promise<string> | AsyncIterable<string>,
  ): void;
}

export function createRouteAdder(api: FastifyInstance, context: RouteContext): RouteAdder {
  const add = <Of extends Route>(route: Of, handle: (input: Input<Of>) => unknown): void => {
    api.route({
      method: route.method,
      url: route.path,
      config: { route },
      exposeHeadRoute: route.kind === 'json',
      handler: (request, reply) => handle(readInput(route, request, reply, context)),
    });
  };
  return {
    json: (route, answer) =>
      add(route, (input) => {
        void input.reply.status(route.status);
        return answer(input);
      }),
    operation: (route, run) =>
      add(route, (input) => {
        const what = [route.id, ...Object.values(input.params as Record<string, unknown>)].join(' ');
        return streamOperation(input.reply, context, what, (onProgress, gone) => run(input, onProgress, gone));
      }),
    text: (route, answer) =>
      add(route, async (input) => {
        const text = answer(input);
        void input.reply.type(route.mediaType ?? 'text/plain; charset=utf-8');
        if (text instanceof Promise) return text;
        return input.reply.send(Readable.from(withLineEnds(text), { objectMode: false }));
      }),
  };
}

/** @throws INTERNAL for a route that is not of the table */
export function requireOnlyRoutes(server: FastifyInstance): void {
  server.addHook('onRoute', ({ config, method, url }) => {
    const isKnown = config?.route !== undefined && ALL_ROUTES.includes(config.route);
    if (!isKnown) throw new DozeError('INTERNAL', `${String(method)} ${url} is not in the table`);
  });
}

function readInput<Of extends Route>(
  route: Of,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RouteContext,
): Input<Of> {
  return {
    params: parse<Of['params']>(route.params, request.params, 'path'),
    query: parse<Of['query']>(route.query, request.query, 'query'),
    body: parse<Of['body']>(route.body, request.body ?? {}, 'body'),
    reply,
    signal: () => signalOf(reply, context),
  };
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${line}\n`);
}
