import { describe, expect, it } from 'vitest';

import type { ProjectView } from '../../../src/lib/api/client/index.ts';
import { projectView, type AgentServices } from '../../../src/lib/api/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { fakeServices } from './fake-services.ts';
import { serve } from './served.ts';

const project = {
  name: 'team',
  description: null,
  tags: { a: '1' },
  limits: { computes: 10, cuSecondsPerMonth: 0 },
  createdAtMs: Date.UTC(2026, 0, 1),
  deletedAtMs: null,
  notes: {},
  seq: 1,
};
const VIEW: ProjectView = projectView({
  project,
  computes: 9,
  activeComputes: 1,
  quotas: [
    { quota: 'computes', used: 8.99, limit: 10, resetsAtMs: null, suspendsAtMs: null },
    {
      quota: 'cuSecondsPerMonth',
      used: 0,
      limit: 0,
      resetsAtMs: Date.UTC(2026, 1),
      suspendsAtMs: Date.UTC(2026, 0, 2),
    },
  ],
});
const RESULT = { project: VIEW, changed: true, action: 'changed', destroyed: [] } as const;

describe('projects over the API', () => {
  it('have each limit by name, and what is used of those that are set', () => {
    expect(VIEW.limits).toEqual({
      computes: 10,
      activeComputes: null,
      cuPerCompute: null,
      activeCu: null,
      activeSecondsPerMonth: null,
      cuSecondsPerMonth: 0,
      storageBytes: null,
      sessions: null,
      wakesPerMinute: null,
    });
    expect(VIEW.quotas).toEqual([
      { quota: 'computes', used: 8.99, limit: 10, percent: 89, level: 'warned', resetsAt: null, suspendsAt: null },
      {
        quota: 'cuSecondsPerMonth',
        used: 0,
        limit: 0,
        percent: 100,
        level: 'reached',
        resetsAt: '2026-02-01T00:00:00.000Z',
        suspendsAt: '2026-01-02T00:00:00.000Z',
      },
    ]);
  });

  it('are listed, shown, made, changed and deleted by name', async () => {
    const asked: unknown[] = [];
    const projects = {
      list: async (query: unknown) => (asked.push(query), [VIEW]),
      show: async (name: string) => (asked.push(name), VIEW),
      create: async (...call: unknown[]) => (asked.push(call), RESULT),
      set: async (...call: unknown[]) => (asked.push(call), RESULT),
      delete: async (...call: unknown[]) => (asked.push(call.slice(0, 2)), { ...RESULT, action: 'deleted' as const }),
    } as unknown as Partial<AgentServices['projects']>;
    await using api = await serve(fakeServices({ projects }));
    const calls = api.client.projects;
    expect(await calls.list()).toEqual([VIEW]);
    await calls.list({ project: 'team' });
    expect(await calls.show('team')).toEqual(VIEW);
    expect(await calls.create('team', {})).toEqual(RESULT);
    const request = { tags: { a: null }, limits: { computes: null, activeCu: 1.5 }, description: null };
    await calls.set('team', request);
    expect(await calls.delete('team', { computes: true })).toMatchObject({ action: 'deleted' });
    expect(asked).toEqual([
      { project: null },
      { project: 'team' },
      'team',
      ['team', {}],
      ['team', request],
      ['team', { computes: true }],
    ]);
  });

  it('refuse names and fields that are none, before anybody is asked', async () => {
    await using api = await serve(fakeServices());
    for (const [path, body, code] of [
      ['/v1/projects/..%2Fetc/set', {}, 'NAME_INVALID'],
      ['/v1/projects/team/set', { limits: { nosuch: 1 } }, 'REQUEST_INVALID'],
      ['/v1/projects/team/set', { limits: { computes: 'many' } }, 'REQUEST_INVALID'],
      ['/v1/projects/team/create', { owner: 'x' }, 'REQUEST_INVALID'],
      ['/v1/projects/team/delete', { purge: 1 }, 'REQUEST_INVALID'],
    ] as const) {
      expect(await api.raw('POST', path, JSON.stringify(body))).toMatchObject({
        status: 400,
        body: { code },
      });
    }
  });

  it('give a refusal on with what is used, and its exit code', async () => {
    const set = async (): Promise<never> => {
      throw new DozeError('PROJECT_NOT_FOUND', 'there is no project "team"');
    };
    await using api = await serve(fakeServices({ projects: { set } }));
    await expect(api.client.projects.set('team', {})).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
      hint: 'doze project list',
    });
  });
});
