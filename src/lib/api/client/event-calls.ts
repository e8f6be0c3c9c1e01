import { createSystemClock } from '../../clock.ts';
import { DozeError, hasCode } from '../../errors/index.ts';
import type { EventView } from '../contract.ts';
import { PAUSES_MS } from './reconnect.ts';
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
  /** As they happen, from `after` or from now on, until the signal aborts. One on another machine that gets lost is followed on
   * from where it was. @throws AGENT_UNREACHABLE when the agent ends */
  follow(query?: Omit<EventQuery, 'limit'>, options?: CallOptions): AsyncIterable<EventView>;
}

const DATA = 'data: ';

export function createEventCalls(transport: Transport): EventCalls {
  return {
    list: (query = {}, call) => transport.get('/events', { ...query }, call),
    async *follow(query = {}, call) {
      let { after } = query;
      let pauses = [...PAUSES_MS];
      while (pauses.length > 0) {
        try {
          for await (const line of transport.lines('/events/stream', { ...query, after }, true, call)) {
            pauses = [...PAUSES_MS];
            if (!line.startsWith(DATA)) continue;
            const event = JSON.parse(line.slice(DATA.length)) as EventView;
            after = event.seq;
            yield event;
          }
        } catch (error) {
          // Without a place to go on from there would be a gap that nobody sees.
          const isLost = hasCode(error, 'AGENT_UNREACHABLE') && transport.remote?.hasConnected() === true;
          if (!isLost || after === undefined) throw error;
        }
        if (transport.remote === null || after === undefined) break;
        await createSystemClock().sleep(pauses.shift() ?? 0, call?.signal);
      }
      throw new DozeError('AGENT_UNREACHABLE', 'the agent has ended, and the events with it', {
        hint: 'the same command again: an agent is started if need be',
      });
    },
  };
}
