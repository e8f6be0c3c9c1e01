import { afterEach, describe, expect, it } from 'vitest';

import { followEvents } from '../../../src/lib/agent/services/follow-events.ts';
import type { AgentCore } from '../../../src/lib/agent/running.ts';
import type { FollowQuery } from '../../../src/lib/api/index.ts';
import { createStore } from '../../../src/lib/store/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const ANY: FollowQuery = { project: null, compute: null, afterSeq: null };
const ends: AbortController[] = [];
afterEach(() => ends.splice(0).forEach((end) => end.abort(new TypeError('over'))));

function log() {
  const store = createStore({ path: ':memory:' });
  const clock = createSimulatedClock();
  const listeners = new Set<() => void>();
  const control = {
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
  const core = { store, clock, running: Promise.resolve({ control }) } as unknown as AgentCore;
  const end = new AbortController();
  ends.push(end);
  return {
    clock,
    listeners,
    end,
    create(name: string, project = 'default'): void {
      const spec = specOf(`${project}-${name}`, { project, name });
      store.append(spec.id, eventOf('createRequested', { spec }), clock.wallMs());
      for (const listener of listeners) listener();
    },
    follow: (query: Partial<FollowQuery> = {}) => followEvents(core, { ...ANY, ...query }, end.signal),
  };
}

/** Names of what comes next. */
async function next(batches: AsyncGenerator<readonly { readonly computeName: string }[]>): Promise<string[]> {
  const { value } = (await batches.next()) as { value: readonly { readonly computeName: string }[] };
  return value.map(({ computeName }) => computeName);
}

describe('following the log', () => {
  it('gives what comes from now on, and all of it however much comes at once', async () => {
    const { create, follow } = log();
    create('before');
    const batches = follow();
    expect(await next(batches)).toEqual([]);
    create('a');
    create('b');
    expect(await next(batches)).toEqual(['a', 'b']);
    const later = next(batches);
    create('c');
    expect(await later).toEqual(['c']);
  });

  it('goes on after a sequence number, in bounded batches', async () => {
    const { create, follow } = log();
    for (let count = 0; count < 1_200; count += 1) create(`c${count}`);
    const batches = follow({ afterSeq: 10 });
    expect(await next(batches)).toEqual([]);
    const sizes = [(await next(batches)).length, (await next(batches)).length, (await next(batches)).length];
    expect(sizes).toEqual([500, 500, 190]);
  });

  it('passes over what is of others, and says so when nothing else comes', async () => {
    const { create, follow, clock } = log();
    const batches = follow({ project: 'mine', compute: 'a' });
    expect(await next(batches)).toEqual([]);
    const quiet = next(batches);
    create('a', 'theirs');
    create('b', 'mine');
    await clock.advance(14_000);
    create('b2', 'mine');
    await clock.advance(2_000);
    expect(await quiet).toEqual([]);
    const mine = next(batches);
    create('a2', 'mine');
    create('a', 'mine');
    expect(await mine).toEqual(['a']);
  });

  it('leaves nothing behind at its end', async () => {
    const { follow, listeners, end } = log();
    const batches = follow();
    expect(await next(batches)).toEqual([]);
    expect(listeners.size).toBe(1);
    const waiting = batches.next();
    end.abort(new TypeError('over'));
    await expect(waiting).rejects.toThrow('over');
    expect(listeners.size).toBe(0);
  });
});
