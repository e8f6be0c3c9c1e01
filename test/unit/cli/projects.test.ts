import { describe, expect, it } from 'vitest';

import type { ProjectResult, ProjectView, QuotaUseView } from '../../../src/lib/api/client/index.ts';
import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { projectRequest } from '../../../src/lib/cli/index.ts';
import { projectDetails, projectSentence, projectTable } from '../../../src/lib/cli/views/index.ts';

const NO_LIMITS: ProjectView['limits'] = {
  computes: null,
  activeComputes: null,
  cuPerCompute: null,
  activeCu: null,
  activeSecondsPerMonth: null,
  cuSecondsPerMonth: null,
  storageBytes: null,
  sessions: null,
  wakesPerMinute: null,
};

function use(
  quota: QuotaUseView['quota'],
  used: number,
  limit: number,
  more: Partial<QuotaUseView> = {},
): QuotaUseView {
  const percent = Math.floor((used / limit) * 100);
  return { quota, used, limit, percent, level: 'fine', resetsAt: null, suspendsAt: null, ...more };
}

const PROJECT: ProjectView = {
  name: 'team',
  description: null,
  tags: {},
  limits: NO_LIMITS,
  quotas: [],
  computes: 2,
  activeComputes: 1,
  createdAt: '2026-11-01T10:00:00.000Z',
};

function lineOf(quota: QuotaUseView): string {
  return projectDetails({ ...PROJECT, quotas: [quota] }, PLAIN)
    .split('\n')
    .at(-1)!
    .replaceAll(/ {2,}/g, '|');
}

describe('a project on the screen', () => {
  it.each<[QuotaUseView, string]>([
    [
      use('cuSecondsPerMonth', 29_160, 36_000, { resetsAt: '2026-12-01T00:00:00.000Z' }),
      'CU-seconds this month|81 % of 36,000, resets 1 Dec',
    ],
    [
      use('activeSecondsPerMonth', 60, 60, {
        resetsAt: '2027-01-01T00:00:00.000Z',
        suspendsAt: '2026-12-05T00:00:00.000Z',
      }),
      'active seconds this month|100 % of 60, resets 1 Jan, what runs is suspended from 2026-12-05T00:00:00Z on',
    ],
    [use('storageBytes', 512 * 1024 ** 2, 1024 ** 3), 'storage|50 % of 1 GiB (512 MiB)'],
    [use('cuPerCompute', 0.5, 2), 'CU for each compute|2 at most, the largest has 0.5'],
    [use('activeCu', 1.25, 4), 'CU awake in sum|1.25 of 4'],
    [use('sessions', 1200, 5000), 'sessions|1,200 of 5,000'],
  ])('has its use next to each limit: %j', (quota, line) => {
    expect(lineOf(quota)).toBe(line);
  });

  it('says what it has, and that there are no limits', () => {
    expect(projectDetails({ ...PROJECT, description: 'ours', tags: { a: '1', b: '' } }, PLAIN)).toBe(
      [
        'name         team',
        'description  ours',
        'has          2 computes, 1 awake',
        'tags         a=1 b=',
        'created      2026-11-01T10:00:00Z',
        'limits       none',
      ].join('\n'),
    );
  });

  it('is a row in the list, with the limit that it is closest to', () => {
    const quotas = [use('cuPerCompute', 2, 2), use('sessions', 1, 10), use('cuSecondsPerMonth', 81, 100)];
    const table = projectTable([{ ...PROJECT, quotas, tags: { a: '1' } }, PROJECT], { paint: PLAIN, width: null });
    expect(table.split('\n').map((line) => line.replaceAll(/ {2,}/g, '|'))).toEqual([
      'NAME|COMPUTES|AWAKE|CLOSEST TO ITS LIMIT|TAGS|DESCRIPTION',
      'team|2|1|CU-seconds this month 81 % of 100|a=1',
      'team|2|1|-',
    ]);
  });

  it.each<[Partial<ProjectResult>, string]>([
    [{ action: 'created' }, 'project team created'],
    [{ action: 'unchanged' }, 'project team is so already'],
    [
      { action: 'deleted', destroyed: ['a', 'b'] },
      'project team deleted, and its 2 computes destroyed; what it used stays in the ledger',
    ],
  ])('%j is a sentence', (changes, sentence) => {
    const result: ProjectResult = { project: PROJECT, changed: true, action: 'changed', destroyed: [], ...changes };
    expect(projectSentence(result)).toBe(sentence);
  });
});

describe('flags of a project', () => {
  it('become one request, in the units of the API', () => {
    expect(
      projectRequest(
        {
          description: '',
          tag: ['a=1', 'b=c=d'],
          'max-computes': '10',
          'max-cu': '0.25',
          'max-active-time': '100h',
          'max-cu-seconds': 'none',
          'max-storage': '10GiB',
        },
        ['gone'],
      ),
    ).toEqual({
      description: null,
      tags: { gone: null, a: '1', b: 'c=d' },
      limits: {
        computes: 10,
        cuPerCompute: 0.25,
        activeSecondsPerMonth: 360_000,
        cuSecondsPerMonth: null,
        storageBytes: 10 * 1024 ** 3,
      },
    });
  });

  it('of nothing are nothing', () => {
    expect(projectRequest({})).toEqual({});
  });

  it.each([
    [{ 'max-computes': '-1' }, '--max-computes'],
    [{ 'max-total-cu': '0.1' }, '--max-total-cu'],
    [{ 'max-active-time': 'soon' }, 'is not a duration'],
    [{ tag: ['=x'] }, '--tag'],
  ])('%j are refused by name', (flags, message) => {
    expect(() => projectRequest(flags)).toThrow(message);
  });
});
