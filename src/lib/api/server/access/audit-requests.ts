import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../../../clock.ts';
import type { AuditEntry } from '../../../domain/index.ts';
import type { DozeError } from '../../../errors/index.ts';
import type { AuditTrail, Caller } from '../../access.ts';
import type { AccessRule } from './allow.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Changes, and what was refused; reads are not written down. */
export interface RequestAudit {
  /** Of a request that is allowed, before anything is done. */
  begin(request: FastifyRequest, caller: Caller, rule: AccessRule): void;
  refused(request: FastifyRequest, who: Caller | string, rule: AccessRule | null, error: DozeError): void;
}

interface Open {
  /** Its stream says how it ends, and not the answer's status. */
  isOperation: boolean;
  code: string | null;
  target: string | null;
  finish(status: number, code: string | null): void;
}

const open = new WeakMap<FastifyRequest, Open>();

export function createRequestAudit(trail: AuditTrail, clock: Clock): RequestAudit {
  return {
    begin(request, caller, rule) {
      if (!isAudited(request, caller, rule)) return;
      // On a full disk its owner can still stop the agent, or destroy what fills it.
      const seq = trail.begin(entryOf(request, caller, rule, clock.wallMs()), caller.kind === 'local');
      let isFinished = false;
      open.set(request, {
        isOperation: false,
        code: null,
        target: null,
        finish(status, code) {
          const { target } = open.get(request) ?? { target: null };
          if (!isFinished && seq !== null) trail.finish(seq, { status, code, target });
          isFinished = true;
        },
      });
    },
    refused(request, who, rule, error) {
      trail.refused({
        ...entryOf(request, who, rule, clock.wallMs()),
        status: error.entry.http,
        code: error.code,
      });
    },
  };
}

/** How an operation ends, which its answer's status cannot say: it was sent at the beginning. */
export function auditOperation(reply: FastifyReply): (error: DozeError | null) => void {
  const entry = open.get(reply.request);
  if (entry !== undefined) entry.isOperation = true;
  // A caller who goes away turns it into an error, which the operation is not.
  const { statusCode } = reply;
  return (error) => entry?.finish(error?.entry.http ?? statusCode, error?.code ?? null);
}

/** What a request that is under way was refused with by its route. */
export function noteError(request: FastifyRequest, error: DozeError): void {
  const entry = open.get(request);
  if (entry !== undefined) entry.code = error.code;
}

/** What a request is about, where its path does not say. */
export function noteTarget(reply: FastifyReply, target: string): void {
  const entry = open.get(reply.request);
  if (entry !== undefined) entry.target = plain(target, MAX_TARGET_LENGTH);
}

/** When the answer is out, or cannot be any more. */
export function auditAnswer(reply: FastifyReply): void {
  const entry = open.get(reply.request);
  if (entry?.isOperation === false) entry.finish(reply.statusCode, entry.code);
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** A password that is handed out to somebody elsewhere counts as a change; whoever is here may read the file it is in. */
function isAudited({ method }: FastifyRequest, caller: Caller, { role }: AccessRule): boolean {
  return caller.kind === 'local' ? !READS.has(method) : role !== 'read';
}

function entryOf(request: FastifyRequest, who: Caller | string, rule: AccessRule | null, atMs: number): AuditEntry {
  const { project = null, ...others } = request.params as { readonly project?: string };
  const caller = typeof who === 'string' ? null : who;
  const token = caller?.kind === 'token' ? caller.token : null;
  const names = project === null ? Object.values(others) : [project, ...Object.values(others)];
  return {
    atMs,
    who: nameOf(who),
    tokenId: token?.id ?? null,
    from: caller?.kind === 'local' ? 'local' : plain(request.ip, MAX_ADDRESS_LENGTH),
    method: request.method,
    route: rule === null ? 'unknown' : (request.routeOptions.url ?? 'unknown'),
    target: rule === null ? '' : plain(names.join('/'), MAX_TARGET_LENGTH),
    project: token?.project ?? (project === null ? null : plain(project, MAX_TARGET_LENGTH)),
    status: null,
    code: null,
    count: 1,
  };
}

function nameOf(who: Caller | string): string {
  if (typeof who === 'string') return who;
  return who.kind === 'local' ? who.who : who.token.name;
}

const MAX_TARGET_LENGTH = 200;
const MAX_ADDRESS_LENGTH = 60;

/** It is shown on terminals: nothing that would move a cursor; and nothing that looks like a secret. */
function plain(text: string, maxLength: number): string {
  return withoutSecrets(text)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, maxLength);
}
