import { describe, expect, it } from 'vitest';

import type { OperationResult } from '../../../src/lib/api/index.ts';
import { DETAIL, fakeServices, RESULT } from './fake-services.ts';
import { serve } from './served.ts';

const PATH = '/v1/computes/default/shop';

/** A compute with a record of this number, and how often it was suspended. */
function shop(record: { seq: number | null; sessions: number }) {
  const calls: string[] = [];
  const run = async (): Promise<OperationResult> => (calls.push('run'), RESULT);
  const services = fakeServices({
    computes: { show: async () => ({ ...DETAIL, sessions: record.sessions }), suspend: run, start: run },
    tags: { recordOf: () => record.seq },
  });
  return { services, calls };
}

describe('a compute that is read', () => {
  it('has a tag, and is not sent again to who has it', async () => {
    const record = { seq: 57, sessions: 0 };
    await using api = await serve(shop(record).services);
    const first = await api.raw('GET', PATH);
    const tag = String(first.headers['etag']);
    expect(tag).toMatch(/^"57\.[\w-]{16}"$/);
    expect(first.body).toMatchObject({ name: 'shop' });
    for (const known of [tag, `W/${tag}`, `"0.x", ${tag}`, '*']) {
      const again = await api.raw('GET', PATH, undefined, { 'if-none-match': known });
      expect(again).toMatchObject({ status: 304, headers: { etag: tag }, body: '' });
    }
    record.sessions = 1;
    const changed = await api.raw('GET', PATH, undefined, { 'if-none-match': tag });
    expect(changed).toMatchObject({ status: 200, body: { sessions: 1 } });
    expect(changed.headers['etag']).not.toBe(tag);
  });
});

describe('a change', () => {
  it('that depends on a tag is made only if the record is the same', async () => {
    const record = { seq: 57 as number | null, sessions: 0 };
    const { services, calls } = shop(record);
    await using api = await serve(services);
    const tag = String((await api.raw('GET', PATH)).headers['etag']);
    const suspend = (ifMatch: string) =>
      api.raw('POST', `${PATH}/suspend`, '{}', { 'content-type': 'application/json', 'if-match': ifMatch });
    record.sessions = 3;
    expect(await suspend(tag)).toMatchObject({ status: 200 });
    expect(await suspend(`"1.x", ${tag}`)).toMatchObject({ status: 200 });
    expect(await suspend('*')).toMatchObject({ status: 200 });
    record.seq = 58;
    const refusal = { status: 412, body: { code: 'PRECONDITION_FAILED' } };
    for (const other of [tag, '"57"', 'nonsense', `W/"58.x"`, '']) expect(await suspend(other)).toMatchObject(refusal);
    record.seq = null;
    expect(await suspend('*')).toMatchObject(refusal);
    expect(calls).toHaveLength(3);
  });

  it('can be made to depend on nothing being there', async () => {
    const record = { seq: null as number | null, sessions: 0 };
    const { services, calls } = shop(record);
    await using api = await serve(services);
    const headers = { 'content-type': 'application/json', 'if-none-match': '*' };
    const start = (more: Record<string, string> = {}) =>
      api.raw('POST', `${PATH}/start`, '{}', { ...headers, ...more });
    expect(await start({ 'idempotency-key': 'k1' })).toMatchObject({ status: 200 });
    record.seq = 1;
    expect(await start()).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    expect(await start({ 'idempotency-key': 'k1' })).toMatchObject({
      status: 200,
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(calls).toHaveLength(1);
  });
});
