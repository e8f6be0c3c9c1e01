import { MessageChannel } from 'node:worker_threads';

import { afterEach, describe, expect, it } from 'vitest';

import { DozeError } from '../../../../src/lib/errors/index.ts';
import { createPeer, type Handlers, type Peer } from '../../../../src/lib/gateway/threads/peer.ts';

interface Calls {
  add(one: number, other: number): number;
  fail(): void;
  wait(): string;
}
interface Nothing {
  nothing(): void;
}

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function connect(handlers: Partial<Handlers<Calls>>): { asker: Peer<Calls>; answerer: Peer<Nothing> } {
  const { port1, port2 } = new MessageChannel();
  disposals.push(() => port1.close());
  const nothing = (): never => {
    throw new Error('not asked for');
  };
  const answerer = createPeer<Calls, Nothing>(port2, { add: nothing, fail: nothing, wait: nothing, ...handlers });
  return { asker: createPeer<Nothing, Calls>(port1, { nothing }), answerer };
}

describe('a peer', () => {
  it('answers what it is asked, each question with its own answer', async () => {
    const { asker } = connect({ add: async (one, other) => one + other });
    expect(await Promise.all([asker.ask('add', [1, 2]), asker.ask('add', [3, 4])])).toEqual([3, 7]);
  });

  it('passes an error on as it is: code, message, hint, details', async () => {
    const thrown = new DozeError('HOST_FULL', 'no room', { hint: 'doze compute list', details: { cu: 2 } });
    const { asker } = connect({
      fail: () => {
        throw thrown;
      },
    });
    const { code, message, hint, details } = thrown;
    await expect(asker.ask('fail', [])).rejects.toMatchObject({ code, message, hint, details });
  });

  it('makes an error of ours of what is thrown by somebody else', async () => {
    const { asker } = connect({
      fail: () => {
        throw new RangeError('too far');
      },
    });
    await expect(asker.ask('fail', [])).rejects.toMatchObject({ code: 'INTERNAL', message: 'too far' });
  });

  it('calls off what is not wanted any more, and the asker waits no longer', async () => {
    const calledOff = Promise.withResolvers<unknown>();
    const asked = Promise.withResolvers<unknown>();
    const { asker } = connect({
      wait: (signal) => {
        asked.resolve(null);
        signal.addEventListener('abort', () => calledOff.resolve(signal.reason));
        return new Promise(() => undefined);
      },
    });
    const leaving = new AbortController();
    const answer = asker.ask('wait', [], leaving.signal);
    await asked.promise;
    leaving.abort(new DozeError('WAKE_TIMED_OUT', 'too slow'));
    await expect(answer).rejects.toMatchObject({ code: 'WAKE_TIMED_OUT' });
    expect(await calledOff.promise).toMatchObject({ code: 'INTERRUPTED' });
  });

  it('asks nothing for somebody who has left already', async () => {
    const { asker } = connect({});
    const left = AbortSignal.abort(new DozeError('INTERRUPTED', 'gone'));
    await expect(asker.ask('wait', [], left)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('that has gone fails who waits for it, who asks later, and calls off what it had asked for', async () => {
    const calledOff = Promise.withResolvers<unknown>();
    const asked = Promise.withResolvers<unknown>();
    const { asker, answerer } = connect({
      wait: (signal) => {
        asked.resolve(null);
        signal.addEventListener('abort', () => calledOff.resolve(signal.reason));
        return new Promise(() => undefined);
      },
    });
    const answer = asker.ask('wait', []);
    await asked.promise;
    asker.close();
    answerer.close();
    await expect(answer).rejects.toMatchObject({ code: 'THREAD_LOST' });
    await expect(asker.ask('add', [1, 2])).rejects.toMatchObject({ code: 'THREAD_LOST' });
    expect(await calledOff.promise).toMatchObject({ code: 'THREAD_LOST' });
  });
});
