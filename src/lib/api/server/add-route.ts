import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

import { DozeError } from '../../errors/index.ts';
import { API_PREFIX } from '../protocol.ts';
import { operationView } from './operations/operation-view.ts';
import { resultOf, type Operation, type OperationFacts, type Run } from './operations/operation.ts';
import type { Caller } from '../access.ts';
import { ALL_ROUTES, type Route } from '../routes/index.ts';
import type { ReportProgress } from '../services.ts';
import { auditOperation } from './access/audit-requests.ts';
import { callerOf } from './access/callers.ts';
import { hasCondition, requireAsSeen, sendTagged } from './etag.ts';
import { parse } from './parse.ts';
import type { RouteContext } from './route-context.ts';
import { signalOf } from './signal-of.ts';
import { sendEvents, type ServerSent } from './send-events.ts';
import { streamOperation } from './stream-operation.ts';
import { textOf, type Written } from './written.ts';

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
  /** Who asks; what it may has been decided. */
  caller(): Caller;
}

type Answer<Of extends Route> =
  z.output<Of['answer']> extends (infer Item)[] ? readonly Item[] : z.output<Of['answer']>;

/** Registers what is in the table, and nothing else: each with what carries it out. */
export interface RouteAdder {
  json<Of extends Route<'json'>>(
    route: Of,
    answer: (input: Input<Of>) => Promise<Answer<Of> | Written> | Answer<Of> | Written,
  ): void;
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
  /** Batches of what is to be sent, each asked for when the caller has taken the one before. */
  events<Of extends Route<'events'>>(
    route: Of,
    answer: (input: Input<Of>) => AsyncIterable<readonly (z.output<Of['answer']> & ServerSent)[]>,
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
  const begin = (route: Route, input: Input<Route>, key: string | null, run: Run): Operation =>
    context.once.begin(
      {
        facts: factsOf(route, input),
        request: [input.query, input.body],
        key,
        caller: ownerOf(input.caller()),
        reply: input.reply,
      },
      run,
    );
  /** What a change depends on is looked at before it begins, but not for one that was made already. */
  const requireCondition = async ({ tagged, method, ...route }: Route, input: Input<Route>): Promise<void> => {
    if (tagged === undefined || method === 'GET' || !hasCondition(input.reply)) return;
    if (context.once.isKnown(ownerOf(input.caller()), keyOf(route, input))) return;
    await requireAsSeen(input.reply, context.tags, { what: tagged, params: input.params }, input.signal());
  };
  return {
    json: (route, answer) =>
      add(route, async (input) => {
        const { tagged, method } = route;
        await requireCondition(route, input);
        const key = keyOf(route, input);
        const answered =
          key === null ? await answer(input) : await resultOf(begin(route, input, key, async () => answer(input)));
        void input.reply.status(route.status);
        const text = textOf(answered);
        if (text !== null) return input.reply.type(JSON_TYPE).send(text);
        if (tagged === undefined || method !== 'GET') return answered;
        return sendTagged(input.reply, answered, context.tags, { what: tagged, params: input.params });
      }),
    operation: (route, run) =>
      add(route, async (input) => {
        await requireCondition(route, input);
        const operation = begin(route, input, keyOf(route, input), (onProgress, gone) => run(input, onProgress, gone));
        void input.reply.header('link', `<${placeOf(operation)}>; rel="monitor"`);
        auditEnd(input.reply, operation);
        return prefersAsync(input)
          ? answerLater(input.reply, operation)
          : streamOperation(input.reply, context, operation);
      }),
    text: (route, answer) =>
      add(route, async (input) => {
        const text = answer(input);
        void input.reply.type(route.mediaType ?? 'text/plain; charset=utf-8');
        if (text instanceof Promise) return text;
        return input.reply.send(Readable.from(withLineEnds(text), { objectMode: false }));
      }),
    events: (route, answer) => add(route, (input) => sendEvents(input.reply, answer(input), context)),
  };
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** How it ends is written down, whoever hears of it. */
function auditEnd(reply: FastifyReply, operation: Operation): void {
  const audited = auditOperation(reply);
  operation.follow({
    onProgress: () => undefined,
    onEnd: (outcome) => audited(outcome.kind === 'result' ? null : outcome.error),
  });
}

/** Whose keys are whose. */
function ownerOf(caller: Caller): string {
  return caller.kind === 'local' ? 'local' : caller.token.id;
}

function factsOf({ id }: Route, { params }: Input<Route>): OperationFacts {
  const target = params as Readonly<Record<string, string | number>>;
  const { project = null } = target as { readonly project?: string };
  return { route: id, project, target };
}

function keyOf({ isCreate }: Pick<Route, 'isCreate'>, { reply }: Input<Route>): string | null {
  const key = reply.request.headers['idempotency-key'];
  return isCreate === true && typeof key === 'string' ? key : null;
}

/** RFC 7240. */
function prefersAsync({ reply }: Input<Route>): boolean {
  return /(^|[\s,])respond-async([\s,;]|$)/i.test(String(reply.request.headers['prefer'] ?? ''));
}

function placeOf({ id }: Operation): string {
  return `${API_PREFIX}/operations/${id}`;
}

function answerLater(reply: FastifyReply, operation: Operation): FastifyReply {
  operation.release();
  return reply
    .status(202)
    .headers({ location: placeOf(operation), 'preference-applied': 'respond-async' })
    .send(operationView(operation));
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
    caller: () => callerOf(request),
  };
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${line}\n`);
}
