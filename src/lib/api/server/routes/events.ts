import type { FastifyReply } from 'fastify';

import { eventRoutes } from '../../routes/events.ts';
import type { AgentServices } from '../../services.ts';
import { wholeNumber } from '../../routes/parameters.ts';
import { parse } from '../parse.ts';
import { linkNext } from '../page.ts';
import type { RouteAdder } from '../add-route.ts';

export function addEventRoutes(api: RouteAdder, { events }: AgentServices): void {
  api.json(eventRoutes.list, async ({ query: { project = null, compute = null, after = null, limit }, reply }) => {
    const page = await events.list({ project, compute, afterSeq: after, limit });
    const last = page.at(-1);
    if (after !== null && last !== undefined && page.length === limit) linkNext(reply, { after: String(last.seq) });
    return page;
  });
  api.events(eventRoutes.stream, ({ query: { project = null, compute = null, after = null }, reply, signal }) => {
    const afterSeq = lastSeen(reply) ?? after;
    return events.follow({ project, compute, afterSeq }, signal());
  });
}

/** Who connects again says where it was, which is later than where it began. */
function lastSeen({ request }: FastifyReply): number | null {
  const text = request.headers['last-event-id'];
  if (text === undefined) return null;
  return parse(wholeNumber(), text, 'header');
}
