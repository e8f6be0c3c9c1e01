import { describe, expect, it } from 'vitest';

import type { OperationView } from '../../../../src/lib/api/contract.ts';
import type { OperationResult } from '../../../../src/lib/api/index.ts';
import { fakeServices, RESULT } from '../fake-services.ts';
import { serveRemote } from './remote-server.ts';

const LATER = { prefer: 'respond-async' };

describe('operations', () => {
  it('are seen by tokens of their project and of the host, and by no others', async () => {
    const start = async (): Promise<OperationResult> => RESULT;
    await using server = await serveRemote(
      fakeServices({ computes: { start }, pools: { set: async () => ({}) as never } }),
    );
    const [mine, theirs, host] = ['mine', 'theirs', null].map((project) => server.token('t', 'admin', project).secret);
    const begin = async (path: string, token: string | undefined, body = '{}'): Promise<OperationView> => {
      const answer = await server.ask(path, { method: 'POST', token: token ?? null, body, headers: LATER });
      expect(answer.status).toBe(202);
      return answer.body as OperationView;
    };
    const a = await begin('/v1/computes/mine/shop/start', mine);
    const b = await begin('/v1/computes/theirs/shop/start', theirs);
    const c = await begin('/v1/pools', host, '{"size":0}');
    const seen = async (token: string | undefined) => {
      const shown = [a, b, c].map(
        async ({ id }) => (await server.ask(`/v1/operations/${id}`, { token: token ?? null })).status,
      );
      const { body } = await server.ask('/v1/operations', { token: token ?? null });
      return [await Promise.all(shown), (body as OperationView[]).map(({ id }) => id).toSorted()];
    };
    expect(await seen(mine)).toEqual([[200, 404, 404], [a.id]]);
    expect(await seen(theirs)).toEqual([[404, 200, 404], [b.id]]);
    expect(await seen(host)).toEqual([[200, 200, 200], [a.id, b.id, c.id].toSorted()]);
  });

  it('have keys that are the own of each caller', async () => {
    const calls: string[] = [];
    const start = async (project: string): Promise<OperationResult> => (calls.push(project), RESULT);
    await using server = await serveRemote(fakeServices({ computes: { start } }));
    const tokens = ['one', 'other'].map((name) => server.token(name, 'operate', 'mine').secret);
    for (const token of [...tokens, ...tokens]) {
      const options = { method: 'POST', token, body: '{}', headers: { 'idempotency-key': 'k1' } };
      expect((await server.ask('/v1/computes/mine/shop/start', options)).status).toBe(200);
    }
    expect(calls).toHaveLength(2);
  });
});
