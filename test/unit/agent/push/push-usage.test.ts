import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deliver } from '../../../../src/lib/agent/push/delivery.ts';
import { pushUsage, type Pushed } from '../../../../src/lib/agent/push/push-usage.ts';
import { sendBatch } from '../../../../src/lib/agent/push/send-batch.ts';
import { DozeError } from '../../../../src/lib/errors/index.ts';
import type { HourUsage } from '../../../../src/lib/metering/index.ts';
import { createStore, type Store } from '../../../../src/lib/store/index.ts';
import { ACCEPT, billedOf, createReceiver, type Receiver } from '../../../support/receiver.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';
import { usedHour } from '../../../support/used-hour.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 1, 3);
const NEVER = AbortSignal.any([]);

interface Scene {
  readonly store: Store;
  hours: HourUsage[];
  /** In whole hours from the start. */
  nowHour: number;
  readonly waitsMs: number[];
  push(receiver: Receiver, options?: { batchSize?: number; timeoutMs?: number; signal?: AbortSignal }): Promise<Pushed>;
}

/** Pushes of a ledger that is what a test says, at a time that it says, over real HTTP; waits are noted and not waited. */
function createScene(store = createStore({ path: ':memory:' })): Scene {
  const waitsMs: number[] = [];
  const scene: Scene = {
    store,
    hours: [],
    nowHour: 0,
    waitsMs,
    push: (receiver, { batchSize = 4, timeoutMs = 5_000, signal = NEVER } = {}) =>
      pushUsage(
        {
          store,
          clock: createSimulatedClock(START_MS + scene.nowHour * HOUR_MS + 600_000),
          async *hours({ sinceMs, untilMs }) {
            const inside = scene.hours.filter(({ hourMs }) => hourMs >= sinceMs && hourMs < untilMs);
            for (const day of Map.groupBy(inside, ({ hourMs }) => Math.floor(hourMs / HOUR_MS / 24)).values())
              yield await Promise.resolve(day);
          },
          deliver: (body, gone) =>
            deliver(
              body,
              {
                clock: { sleep: async (ms) => Promise.resolve(void waitsMs.push(ms)) },
                random: () => 0.5,
                send: (text, until) => sendBatch(text, { url: new URL(receiver.url), secret: 'k3y', timeoutMs }, until),
                receiver: 'the receiver',
                onProgress: () => undefined,
              },
              gone,
            ),
          onProgress: () => undefined,
        },
        { receiver: 'r', sinceMs: START_MS, batchSize },
        signal,
      ),
  };
  return scene;
}

function hour(index: number, changes: Partial<HourUsage> = {}): HourUsage {
  return usedHour({ hourMs: START_MS + index * HOUR_MS, activeMs: 1_000, queries: 3, ...changes });
}

function expected(hours: readonly HourUsage[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const { computeId, activeMs, queries } of hours) {
    for (const [meter, amount] of [
      ['active_seconds', BigInt(activeMs) * 1_000n],
      ['queries', BigInt(queries) * 1_000_000n],
    ] as const) {
      if (amount !== 0n) sums[`${computeId} ${meter}`] = (sums[`${computeId} ${meter}`] ?? 0n) + amount;
    }
  }
  return sums;
}

function withoutZeros(sums: Record<string, bigint>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n));
}

describe('a push', () => {
  it('sends every complete hour once, in batches, and then what is new', async () => {
    await using receiver = await createReceiver();
    const scene = createScene();
    scene.hours = [hour(0), hour(1), hour(2), hour(3)];
    scene.nowHour = 3;
    expect(await scene.push(receiver)).toMatchObject({ events: 6, corrections: 0, batches: 2, retries: 0 });
    expect(billedOf(receiver.requests)).toEqual(expected(scene.hours.slice(0, 3)));
    expect(receiver.requests[0]).toMatchObject({
      contentType: 'application/cloudevents-batch+json; charset=utf-8',
      authorization: 'Bearer k3y',
    });
    expect(await scene.push(receiver)).toMatchObject({ events: 0, batches: 0 });
    scene.nowHour = 4;
    expect(await scene.push(receiver)).toMatchObject({ events: 2, sinceMs: START_MS + 3 * HOUR_MS });
    expect(billedOf(receiver.requests)).toEqual(expected(scene.hours));
  });

  it('sends what was corrected since as the difference, also to nothing', async () => {
    await using receiver = await createReceiver();
    const scene = createScene();
    scene.nowHour = 10;
    scene.hours = [hour(0), hour(1), hour(5)];
    await scene.push(receiver);
    scene.hours = [hour(0, { queries: 5 }), hour(5, { activeMs: 400 })];
    expect(await scene.push(receiver)).toMatchObject({ events: 4, corrections: 4 });
    expect(withoutZeros(billedOf(receiver.requests))).toEqual(expected(scene.hours));
    expect(await scene.push(receiver)).toMatchObject({ events: 0 });
  });

  it('tries a receiver again that fails, hangs, or cuts off, each time later, and counts nothing twice', async () => {
    await using receiver = await createReceiver((request, response, count) => {
      if (count === 1) response.writeHead(503).end();
      else if (count === 2) request.socket.destroy();
      else if (count === 3)
        response.writeHead(200, { 'content-length': 10 }).write('half', () => request.socket.destroy());
      else if (count > 4) ACCEPT(request, response, count);
    });
    const scene = createScene();
    scene.hours = [hour(0)];
    scene.nowHour = 1;
    expect(await scene.push(receiver, { timeoutMs: 300 })).toMatchObject({ events: 2, batches: 1, retries: 4 });
    expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1);
    expect(scene.waitsMs).toEqual([750, 1500, 3000, 6000]);
    expect(billedOf(receiver.requests)).toEqual(expected(scene.hours));
  });

  it('waits for as long as the receiver asks', async () => {
    await using receiver = await createReceiver((request, response, count) => {
      if (count === 1) response.writeHead(429, { 'retry-after': '7' }).end();
      else ACCEPT(request, response, count);
    });
    const scene = createScene();
    scene.hours = [hour(0)];
    scene.nowHour = 1;
    await scene.push(receiver);
    expect(scene.waitsMs).toEqual([7000]);
  });

  it.each([
    [400, 'bad event\u0007s', 'PUSH_REFUSED', 'bad event s'],
    [401, '', 'PUSH_REFUSED', 'status 401'],
    [302, '', 'PUSH_REFUSED', 'status 302'],
    [413, '', 'PUSH_REFUSED', 'status 413'],
  ])('stops at once where the receiver answers %d, says so, and goes on there', async (status, says, code, message) => {
    await using receiver = await createReceiver((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(says);
    });
    const scene = createScene();
    scene.hours = [hour(0)];
    scene.nowHour = 1;
    const refusal = scene.push(receiver);
    await expect(refusal).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('k3y') as string });
    expect(scene.waitsMs).toEqual([]);
    receiver.behave = ACCEPT;
    expect(await scene.push(receiver)).toMatchObject({ events: 2 });
    expect(billedOf(receiver.requests.slice(1))).toEqual(expected(scene.hours));
  });

  it('gives up on one that stays down, and says that nothing is lost', async () => {
    await using receiver = await createReceiver((_request, response) => {
      response.writeHead(500).end();
    });
    const scene = createScene();
    scene.hours = [hour(0)];
    scene.nowHour = 1;
    await expect(scene.push(receiver)).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      hint: expect.stringContaining('goes on where it stopped') as string,
    });
    expect(receiver.requests).toHaveLength(8);
  });

  it('begins no hour before its first one, also when it looks back for corrections', async () => {
    await using receiver = await createReceiver();
    const scene = createScene();
    scene.hours = [hour(-5), hour(0), hour(3)];
    scene.nowHour = 2;
    await scene.push(receiver);
    scene.nowHour = 4;
    await scene.push(receiver);
    expect(billedOf(receiver.requests)).toEqual(expected([hour(0), hour(3)]));
  });

  it('bills right whatever is corrected and wherever it is killed, restarted or cut off', async () => {
    await using receiver = await createReceiver();
    const step = fc.record({
      passed: fc.nat(20),
      /** Hours back that become otherwise. */
      corrected: fc.array(fc.record({ back: fc.nat(40), queries: fc.nat(3) }), { maxLength: 3 }),
      /** The request at which the agent is killed, before or after the receiver has taken it. */
      killAt: fc.option(fc.nat(3)),
      isTaken: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const store = createStore({ path: ':memory:' });
        const scene = createScene(store);
        const from = receiver.requests.length;
        let taken: number[] = [];
        for (const { passed, corrected, killAt, isTaken, batchSize } of steps) {
          for (let index = 0; index < passed; index += 1)
            scene.hours.push(hour(scene.nowHour + index, { computeId: `c${index % 2}` }));
          scene.nowHour += passed;
          for (const { back, queries } of corrected) {
            const at = scene.hours.length - 1 - back;
            const before = scene.hours[at];
            if (before !== undefined) scene.hours[at] = { ...before, queries };
          }
          const killed = new AbortController();
          let count = -1;
          receiver.behave = (request, response, all) => {
            count += 1;
            const isKill = count === killAt;
            if (!isKill || isTaken) taken = [...taken, all - 1];
            if (isKill) {
              killed.abort(new DozeError('INTERRUPTED', 'killed'));
              request.socket.destroy();
            } else ACCEPT(request, response, all);
          };
          await scene.push(receiver, { batchSize, signal: killed.signal }).catch(() => undefined);
        }
        receiver.behave = (request, response, all) => {
          taken = [...taken, all - 1];
          ACCEPT(request, response, all);
        };
        await scene.push(receiver);
        expect(receiver.requests.length).toBeGreaterThanOrEqual(from);
        const arrived = taken.map((index) => receiver.requests[index]!);
        expect(withoutZeros(billedOf(arrived))).toEqual(expected(scene.hours));
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
