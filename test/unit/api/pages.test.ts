import { describe, expect, it } from 'vitest';

import type { ComputeView, EventView, SessionView } from '../../../src/lib/api/contract.ts';
import { fakeServices, SESSION, VIEW } from './fake-services.ts';
import { serve, type Served } from './served.ts';

function nextOf(link: string | string[] | undefined): string | null {
  return /<([^>]+)>; rel="next"/.exec(String(link))?.[1] ?? null;
}

/** Follows the links from the first page on. */
async function* pages<Item>(api: Served, path: string): AsyncGenerator<readonly Item[]> {
  for (let next: string | null = path; next !== null;) {
    const { status, headers, body } = await api.raw('GET', next);
    expect(status).toBe(200);
    yield body as Item[];
    next = nextOf(headers['link']);
  }
}

const named = (name: string, project = 'default'): ComputeView => ({
  ...VIEW,
  id: `${project}-${name}`,
  name,
  project,
});

describe('a list', () => {
  it('is whole where nobody asks for a page', async () => {
    const views = [named('b'), named('a')];
    await using api = await serve(fakeServices({ computes: { list: async () => views } }));
    const { headers, body } = await api.raw('GET', '/v1/computes');
    expect({ link: headers['link'], body }).toEqual({ link: undefined, body: views });
  });

  it('comes a page at a time, each thing once, whatever comes and goes meanwhile', async () => {
    let views = ['c', 'e', 'a', 'g'].map((name) => named(name)).concat(named('z', 'another'));
    await using api = await serve(fakeServices({ computes: { list: async () => views } }));
    const seen: string[] = [];
    for await (const page of pages<ComputeView>(api, '/v1/computes?limit=2&destroyed=true')) {
      expect(page.length).toBeLessThanOrEqual(2);
      seen.push(...page.map(({ project, name }) => `${project}/${name}`));
      // What was given last is gone, one comes before it, one after.
      if (seen.length === 2) views = [...views.filter(({ name }) => name !== 'a'), named('b', 'another'), named('d')];
    }
    expect(seen).toEqual(['another/z', 'default/a', 'default/c', 'default/d', 'default/e', 'default/g']);
  });

  it('ends without a link, also where its last page is full', async () => {
    await using api = await serve(fakeServices({ computes: { list: async () => [named('a'), named('b')] } }));
    const lengths: number[] = [];
    for await (const page of pages(api, '/v1/computes?limit=1')) lengths.push(page.length);
    expect(lengths).toEqual([1, 1]);
  });

  it.each(['nonsense', Buffer.from('{}').toString('base64url'), Buffer.from('[null]').toString('base64url')])(
    'refuses %s for a cursor',
    async (cursor) => {
      await using api = await serve(fakeServices({ computes: { list: async () => [] } }));
      expect(await api.raw('GET', `/v1/computes?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code: 'REQUEST_INVALID', hint: 'follow the Link header of the page before' },
      });
    },
  );

  it('of sessions goes by their ids, as numbers', async () => {
    const sessions = [100, 9, 20].map((id): SessionView => ({ ...SESSION, id }));
    await using api = await serve(fakeServices({ sessions: { list: async () => sessions } }));
    const ids: number[] = [];
    for await (const page of pages<SessionView>(api, '/v1/sessions?limit=1')) ids.push(...page.map(({ id }) => id));
    expect(ids).toEqual([9, 20, 100]);
  });

  it('of events goes on after a sequence number', async () => {
    const all = [1, 2, 5].map((seq) => ({ seq }) as EventView);
    const list = async ({ afterSeq, limit }: { afterSeq: number | null; limit: number }) =>
      all.filter(({ seq }) => seq > (afterSeq ?? 0)).slice(0, limit);
    await using api = await serve(fakeServices({ events: { list } }));
    const seqs: number[] = [];
    for await (const page of pages<EventView>(api, '/v1/events?after=0&limit=2'))
      seqs.push(...page.map(({ seq }) => seq));
    expect(seqs).toEqual([1, 2, 5]);
    expect(nextOf((await api.raw('GET', '/v1/events?limit=2')).headers['link'])).toBeNull();
  });
});
