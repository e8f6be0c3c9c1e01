import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { DozeError } from '../../../../src/lib/errors/index.ts';
import type { RoutineEffects } from '../../../../src/lib/engines/index.ts';
import { KnownEffects } from '../../../../src/lib/gateway/pool/known-effects.ts';
import { WaitingLine } from '../../../../src/lib/gateway/pool/waiting-line.ts';

const refusal = (): DozeError => new DozeError('TOO_MANY_CONNECTIONS', 'none came free');
const patience = { signal: new AbortController().signal, nowMs: 0, waitMs: 10_000, refusal };

function first(line: WaitingLine<string, number>) {
  const [waiter] = line.unserved();
  return waiter!;
}

describe('the waiting line', () => {
  it('has those who wait in order of arrival, without those that are being served', async () => {
    const line = new WaitingLine<string, number>();
    const [a, b] = [line.join('a', patience), line.join('b', patience)];
    first(line).isServed = true;
    expect([...line.unserved()].map(({ request }) => request)).toEqual(['b']);
    first(line).settle({ result: 2 });
    expect(await b).toBe(2);
    expect(line).toMatchObject({ length: 0, isEmpty: false });
    line.dissolve(refusal());
    await expect(a).rejects.toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
    expect(line.isEmpty).toBe(true);
  });

  it('gives one that could not be served after all its place back', async () => {
    const line = new WaitingLine<string, number>();
    const [a, b] = [line.join('a', patience), line.join('b', patience)];
    const waiter = first(line);
    waiter.isServed = true;
    line.putBack(waiter, refusal);
    expect([...line.unserved()].map(({ request }) => request)).toEqual(['a', 'b']);
    for (const { settle } of [...line.unserved()]) settle({ result: 1 });
    expect(await Promise.all([a, b])).toEqual([1, 1]);
  });

  it('turns one away whose time is up, but not while it is being served', async () => {
    const line = new WaitingLine<string, number>();
    const served = line.join('served', { ...patience, waitMs: 5 });
    const waiter = first(line);
    waiter.isServed = true;
    await expect(line.join('other', { ...patience, waitMs: 5 })).rejects.toMatchObject({
      code: 'TOO_MANY_CONNECTIONS',
    });
    expect(waiter.hasLeft).toBe(false);
    line.putBack(waiter, refusal);
    await expect(served).rejects.toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
  });

  it('lets one go who leaves, with his reason', async () => {
    const line = new WaitingLine<string, number>();
    const gone = new AbortController();
    const left = line.join('a', { ...patience, signal: gone.signal });
    gone.abort(new DozeError('INTERRUPTED', 'the client went away'));
    await expect(left).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(line.isEmpty).toBe(true);
  });
});

describe('what routines may do', () => {
  it('is asked for when it is first needed, and not believed if it was forgotten meanwhile', async () => {
    const answers: PromiseWithResolvers<RoutineEffects>[] = [];
    let told = Promise.withResolvers<null>();
    const effects = new KnownEffects(
      createSystemClock(),
      () => {
        const answer = Promise.withResolvers<RoutineEffects>();
        answers.push(answer);
        return answer.promise;
      },
      () => told.resolve(null),
    );
    expect(effects.current).toBeNull();
    expect(effects.current).toBeNull();
    effects.forget();
    answers[0]!.resolve('none');
    await told.promise;
    told = Promise.withResolvers<null>();
    expect(effects.current).toBeNull();
    answers[1]!.resolve('seen');
    await told.promise;
    expect(effects.current).toBe('seen');
    expect(answers).toHaveLength(2);
  });

  it('is taken for the worst where it cannot be found out', async () => {
    const told = Promise.withResolvers<null>();
    const refused = new DozeError('BACKEND_LOST', 'gone');
    const effects = new KnownEffects(
      createSystemClock(),
      () => Promise.reject(refused),
      () => told.resolve(null),
    );
    expect(effects.current).toBeNull();
    await told.promise;
    expect(effects.current).toBe('hidden');
  });
});
