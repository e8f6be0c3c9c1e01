import { createHash } from 'node:crypto';

import type { FastifyReply } from 'fastify';

import { DozeError } from '../../errors/index.ts';
import type { TagServices } from '../services.ts';
import type { Route } from '../routes/index.ts';

/**
 * The tag of an answer is `"RECORD.BODY"`: the number of the last event on record of what it is about, and a digest of all
 * that was answered. What is seen is new when any of it differs (If-None-Match). A change minds the record alone (If-Match):
 * that somebody has connected meanwhile changes what is seen, and is in nobody's way.
 */
export interface Tagged {
  readonly what: NonNullable<Route['tagged']>;
  readonly params: unknown;
}

const DIGEST_LENGTH = 16;

/** Sends a document with its tag; nothing but that to who has it already. */
export function sendTagged(reply: FastifyReply, answer: unknown, tags: TagServices, tagged: Tagged): FastifyReply {
  const body = JSON.stringify(answer);
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, DIGEST_LENGTH);
  const tag = `"${tags.recordOf(tagged.what, tagged.params) ?? 0}.${digest}"`;
  void reply.header('etag', tag).header('cache-control', 'no-cache');
  const known = tagsIn(reply, 'if-none-match').some((one) => one === '*' || one.replace(/^W\//, '') === tag);
  if (known) return reply.status(304).send();
  return reply.type('application/json; charset=utf-8').send(body);
}

/** Whether a request says anything of what has to be. */
export function hasCondition({ request: { headers } }: FastifyReply): boolean {
  return headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
}

/**
 * Looked at when nothing is under way with it, right before the change goes its way.
 * @throws PRECONDITION_FAILED when it is not as the caller has seen it; with `If-None-Match: *`, when it is there
 */
export async function requireAsSeen(
  reply: FastifyReply,
  tags: TagServices,
  { what, params }: Tagged,
  signal: AbortSignal,
) {
  await tags.untilQuiet(what, params, signal);
  const record = tags.recordOf(what, params);
  const wanted = tagsIn(reply, 'if-match');
  if (wanted.length > 0 && !(record !== null && wanted.some((tag) => tag === '*' || recordIn(tag) === record)))
    throw differs(what, record === null ? 'it is not there' : 'it has changed since it was read');
  if (record !== null && tagsIn(reply, 'if-none-match').includes('*')) throw differs(what, 'it is there already');
}

/** A weak tag never matches here (RFC 9110, 13.1.1). */
function recordIn(tag: string): number | null {
  const record = /^"(\d+)\.[\w-]+"$/.exec(tag)?.[1];
  return record === undefined ? null : Number(record);
}

function tagsIn({ request }: FastifyReply, name: 'if-match' | 'if-none-match'): string[] {
  const text = request.headers[name];
  return text === undefined ? [] : text.split(',').map((tag) => tag.trim());
}

function differs(what: Tagged['what'], why: string): DozeError {
  return new DozeError('PRECONDITION_FAILED', `the ${what} is not as it was to be: ${why}`);
}
