import { DozeError } from '../../errors/index.ts';
import type { EventView } from '../contract.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface EventQuery {
  readonly project?: string;
  readonly compute?: string;
  /** Only events with a higher sequence number. */
  readonly after?: number;
  readonly limit?: number;
}

export interface EventCalls {
  list(query?: EventQuery, options?: CallOptions): Promise<EventView[]>;
  /** As they happen, from `after` or from now on, until the signal aborts. @throws AGENT_UNREACHABLE when the agent ends */
  follow(query?: Omit<EventQuery, 'limit'>, options?: CallOptions): AsyncIterable<EventView>;
}

const DATA = 'data: ';

export function createEventCalls(transport: Transport): EventCalls {
  return {
    list: (query = {}, call) => transport.get('/events', { ...query }, call),
    async *follow(query = {}, call) {
      for await (const line of transport.lines('/events/stream', { ...query }, true, call)) {
        if (line.startsWith(DATA)) yield JSON.parse(line.slice(DATA.length)) as EventView;
      }
      throw new DozeError('AGENT_UNREACHABLE', 'the agent has ended, and the events with it', {
        hint: 'the same command again: an agent is started if need be',
      });
    },
  };
}
