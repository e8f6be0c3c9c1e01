import type { FastifyReply } from 'fastify';

import { DozeError } from '../../errors/index.ts';

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** What a list is ordered by; no two things of it have the same. */
export type PageKey = readonly (string | number)[];

/**
 * As much of a list as was asked for; where there is more, a Link header says how to go on. A cursor is the key of the last
 * thing that was given, so that what comes or goes meanwhile moves nothing: of what is there all the while each is given once.
 * @throws REQUEST_INVALID for a cursor that no list has given
 */
export function pageOf<Item>(
  reply: FastifyReply,
  items: readonly Item[],
  { limit, cursor }: PageQuery,
  keyOf: (item: Item) => PageKey,
): readonly Item[] {
  if (limit === undefined && cursor === undefined) return items;
  const after = cursor === undefined ? null : readCursor(cursor);
  const rest = after === null ? items : items.filter((item) => compareKeys(keyOf(item), after) > 0);
  const page = [...rest].sort((a, b) => compareKeys(keyOf(a), keyOf(b))).slice(0, limit);
  const last = page.at(-1);
  if (last !== undefined && page.length < rest.length) linkNext(reply, { cursor: writeCursor(keyOf(last)) });
  return page;
}

/** Says in a Link header how to go on: as this request, but for what is given. */
export function linkNext(reply: FastifyReply, changes: Readonly<Record<string, string>>): void {
  const [path = '', query = ''] = reply.request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
  void reply.header('link', `<${path}?${parameters.toString()}>; rel="next"`);
}

function writeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function readCursor(cursor: string): PageKey {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key) && key.every((part) => typeof part === 'string' || typeof part === 'number')) return key;
  } catch {
    // Said below, for whatever is wrong with it.
  }
  throw new DozeError('REQUEST_INVALID', 'query.cursor: is not one that a list has given', {
    hint: 'follow the Link header of the page before',
    details: { field: 'query.cursor' },
  });
}

function compareKeys(a: PageKey, b: PageKey): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part === other) continue;
    if (typeof part === typeof other) return part < other ? -1 : 1;
    return typeof part === 'number' ? -1 : 1;
  }
  return a.length - b.length;
}
