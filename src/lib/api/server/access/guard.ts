import type { Socket } from 'node:net';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../../../clock.ts';
import { DozeError, toDozeError } from '../../../errors/index.ts';
import type { AuditTrail, Caller, TokenBook } from '../../access.ts';
import { allow, type AccessRule, type Asked } from './allow.ts';
import { auditAnswer, createRequestAudit, type RequestAudit } from './audit-requests.ts';
import { setCaller } from './callers.ts';
import type { Identify } from './identify.ts';
import { findThing, type Places } from './things.ts';

export interface GuardDeps extends Places {
  readonly clock: Clock;
  readonly tokens: TokenBook;
  readonly trail: AuditTrail;
  /** How the owner of the Unix socket is called in the audit trail. */
  readonly localName: string;
}

export interface Guard {
  /** Until it is called nobody from elsewhere is let in. */
  letInStrangers(identify: Identify): void;
  close(): void;
}

const SWEEP_MS = 5_000;

/**
 * The one place where it is decided who may what. Before a body is read, each request is
 *
 * 1. local, if its socket came in by the Unix socket, and may do all; or has its token found (`identify.ts`);
 * 2. allowed by the table of routes (`allow.ts`), or refused: what is not in the table, or has a scope that nobody has
 *    thought of, is refused;
 * 3. put on the audit trail, if it changes something or was refused.
 *
 * A request that is under way ends with its token: revoked in the same step, expired within seconds. What an operation
 * has begun goes on, as for anybody who goes away.
 */
export function guardRequests(server: FastifyInstance, deps: GuardDeps): Guard {
  const { clock, tokens, trail, localName } = deps;
  const audit = createRequestAudit(trail, clock);
  const own = new WeakSet<Socket>();
  const underWay = trackRequests(tokens, clock);
  let identify: Identify | null = null;
  server.server.on('connection', (socket: Socket) => own.add(socket));

  async function findCaller(request: FastifyRequest, rule: AccessRule | null): Promise<Caller | null> {
    const { socket } = request.raw;
    if (own.has(socket)) return { kind: 'local', who: localName };
    if (identify === null) throw new DozeError('NOT_ALLOWED', 'this agent is for its own machine');
    return identify(socket.remoteAddress ?? '', request.headers.authorization, rule?.scope === 'open');
  }

  server.addHook('onRequest', async (request, reply) => {
    const rule = request.routeOptions.config.route ?? null;
    let caller: Caller | null = null;
    try {
      caller = await findCaller(request, rule);
      if (caller === null) return;
      setCaller(request, caller);
      if (caller.kind === 'token') underWay.add(caller.token.id, reply);
      if (rule === null) return;
      const project = allow(caller, rule, await whatIsAsked(request, rule, caller, deps));
      if (project !== null) request.query = { ...(request.query as object), project };
    } catch (thrown) {
      throw refused(audit, request, reply, { caller, rule, error: toDozeError(thrown) });
    }
    audit.begin(request, caller, rule);
  });
  server.addHook('onResponse', async (_request, reply) => auditAnswer(reply));

  return {
    letInStrangers: (how) => {
      identify = how;
    },
    close: () => underWay.close(),
  };
}

interface Refusal {
  readonly caller: Caller | null;
  readonly rule: AccessRule | null;
  readonly error: DozeError;
}

function refused(
  audit: RequestAudit,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, rule, error }: Refusal,
): DozeError {
  audit.refused(request, caller ?? 'stranger', rule, error);
  // Its body is not read any more.
  if (caller === null) void reply.header('connection', 'close');
  if (error.code === 'TOKEN_REFUSED') void reply.header('www-authenticate', 'Bearer');
  return error;
}

async function whatIsAsked(
  request: FastifyRequest,
  { id: routeId, scope }: AccessRule,
  caller: Caller,
  places: Places,
): Promise<Asked> {
  const params = request.params as { readonly project?: string; readonly id?: string };
  const { project } = request.query as { readonly project?: unknown };
  const isNarrow = caller.kind === 'token' && caller.token.project !== null;
  const thing = isNarrow && scope === 'one' ? await findThing(routeId, params.id ?? '', places) : null;
  return {
    pathProject: params.project ?? null,
    // Given twice it is a list, and that of nobody.
    queryProject: project === undefined || typeof project === 'string' ? (project ?? null) : '',
    thingProject: thing?.project ?? null,
    missing: thing?.missing ?? null,
  };
}

/** Requests of each token that have no answer yet, or not all of it. */
function trackRequests(tokens: TokenBook, clock: Clock) {
  const open = new Map<string, Set<FastifyReply>>();
  const end = (id: string): void => {
    for (const reply of open.get(id) ?? []) reply.raw.destroy();
  };
  tokens.onRevoked(end);
  const sweep = clock.every(SWEEP_MS, () => {
    for (const id of open.keys()) if (!tokens.isValid(id)) end(id);
  });
  return {
    add(id: string, reply: FastifyReply): void {
      const replies = open.get(id) ?? new Set();
      open.set(id, replies.add(reply));
      reply.raw.once('close', () => {
        replies.delete(reply);
        if (replies.size === 0 && open.get(id) === replies) open.delete(id);
      });
    },
    close: () => sweep[Symbol.dispose](),
  };
}
