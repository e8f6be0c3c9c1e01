import { eventView, type EventServices, type EventsQuery } from '../../api/index.ts';
import type { StoredEvent } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { EventFilter, Store } from '../../store/index.ts';
import type { AgentCore } from '../running.ts';
import { followEvents } from './follow-events.ts';

export function createEventServices(core: AgentCore): EventServices {
  const { store } = core;
  return {
    list: async (query) => Promise.resolve(listEvents(store, query).map(eventView)),
    async *follow(query, signal) {
      if (query.compute !== null) idsOf(store, query.project, query.compute);
      for await (const events of followEvents(core, query, signal)) yield events.map(eventView);
    },
  };
}

function listEvents(store: Store, { project, compute, afterSeq, limit }: EventsQuery): readonly StoredEvent[] {
  const filter: EventFilter = {
    limit,
    ...(project === null ? {} : { project }),
    ...(afterSeq === null ? {} : { afterSeq }),
  };
  if (compute === null) return store.listEvents(filter);
  const events = idsOf(store, project, compute).flatMap((computeId) => store.listEvents({ ...filter, computeId }));
  const inOrder = events.sort((a, b) => a.seq - b.seq);
  return afterSeq === null ? inOrder.slice(-limit) : inOrder.slice(0, limit);
}

/** Every compute that has or had the name: the past of a name outlives its computes. */
function idsOf(store: Store, project: string | null, name: string): string[] {
  const computes = store.listComputes({ includeDestroyed: true, ...(project === null ? {} : { project }) });
  const ids = computes.filter((compute) => compute.name === name).map((compute) => compute.id);
  if (ids.length > 0) return ids;
  const where = project === null ? '' : ` in project "${project}"`;
  throw new DozeError('COMPUTE_NOT_FOUND', `there is and was no compute "${name}"${where}`);
}
