import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { EndpointObservation, SafekeeperFacts, StorageFlavour } from '../../../src/lib/domain/index.ts';
import { judgeGroup } from '../../../src/lib/storage/judge-group.ts';
import { answered, failed, replicaFacts } from './looks.ts';

const ENDPOINTS = ['http://sk-1', 'http://sk-2', 'http://sk-3'] as const;
const MIB = 1024 ** 2;

/** What one of three replicas may be found to be. */
type Found = 'leader' | 'follower' | 'candidate' | 'oldLeader' | 'down' | 'unasked';
const FOUND: readonly Found[] = ['leader', 'follower', 'candidate', 'oldLeader', 'down', 'unasked'];

function look(endpoint: string, found: Found): EndpointObservation | null {
  switch (found) {
    case 'down':
      return failed(endpoint);
    case 'unasked':
      return null;
    case 'oldLeader':
      return answered(endpoint, replicaFacts({ role: 'leader', term: 6 }));
    default:
      return answered(endpoint, replicaFacts({ role: found }));
  }
}

function judge(
  looks: readonly (EndpointObservation | null)[],
  flavour: StorageFlavour = 'serverless-mariadb',
  lagLimit = 16 * MIB,
) {
  const known = looks.flatMap((one) => (one === null ? [] : [[one.endpoint, one] as const]));
  return judgeGroup({ endpoints: ENDPOINTS.slice(0, looks.length), flavour, lagLimit }, new Map(known));
}

function judgeFound(...found: readonly Found[]) {
  return judge(found.map((one, index) => look(ENDPOINTS[index] ?? '', one)));
}

/** Said once more, in the words of the document of facts: what is expected of each combination. */
function expectedVerdict(found: readonly Found[]): string {
  const count = (...wanted: readonly Found[]): number => found.filter((one) => wanted.includes(one)).length;
  const answering = count('leader', 'follower', 'candidate', 'oldLeader');
  if (answering < 2) return answering + count('unasked') >= 2 ? 'unknown' : 'unavailable';
  const isInNewTerm = count('leader', 'follower', 'candidate') > 0;
  const leaders = isInNewTerm ? count('leader') : count('oldLeader');
  if (leaders !== 1) return 'unavailable';
  const isWhole = answering === 3 && (count('oldLeader') === 0 || !isInNewTerm);
  return isWhole || (answering === 2 && count('down') === 0 && count('oldLeader') === 0) ? 'healthy' : 'degraded';
}

describe('a group of three Safekeepers', () => {
  const combinations = FOUND.flatMap((a) => FOUND.flatMap((b) => FOUND.map((c) => [a, b, c] as const)));
  it.each(combinations)('found as %s, %s, %s gets the verdict of its facts', (...found) => {
    const { verdict, findings } = judgeFound(...found);
    expect(verdict).toBe(expectedVerdict(found));
    expect(findings.length > 0).toBe(verdict !== 'healthy');
  });

  it('is healthy with one leader and two followers, and says who leads', () => {
    const { verdict, group, latestLsn, lag } = judgeFound('follower', 'leader', 'follower');
    expect({ verdict, latestLsn, lag }).toEqual({ verdict: 'healthy', latestLsn: 1_000, lag: 0 });
    expect(group).toEqual({ leader: 'http://sk-2', term: 7, answering: 3, quorum: 2, replicas: 3 });
  });

  it('names the split brain, the election, and the one that still takes itself for the leader', () => {
    expect(judgeFound('leader', 'leader', 'follower').findings[0]).toMatchObject({
      code: 'splitBrain',
      message: 'split brain: http://sk-1 and http://sk-2 both lead in term 7',
    });
    expect(judgeFound('candidate', 'follower', 'down').findings[0]?.code).toBe('electing');
    expect(judgeFound('follower', 'follower', 'follower').findings[0]?.code).toBe('noLeader');
    expect(judgeFound('leader', 'follower', 'oldLeader').findings.map(({ code }) => code)).toContain('staleLeader');
  });

  it('cannot be told of without roles and terms', () => {
    const silent = ENDPOINTS.map((endpoint) => answered(endpoint, replicaFacts({ role: null, term: null })));
    expect(judge(silent)).toMatchObject({ verdict: 'unknown', group: { leader: null, term: null } });
  });
});

describe('replicas that differ', () => {
  const [one, two, three] = ENDPOINTS;
  const codes = (...facts: readonly Partial<SafekeeperFacts>[]): readonly string[] =>
    judge(
      facts.map((fact, index) =>
        answered(ENDPOINTS[index] ?? '', replicaFacts({ role: index === 0 ? 'leader' : 'follower', ...fact })),
      ),
    ).findings.map(({ code }) => code);

  it('in the term, or in what is a quorum, degrade the group', () => {
    expect(codes({}, { term: 6 }, {})).toEqual(['termsDiffer']);
    expect(codes({ quorumSize: 2 }, { quorumSize: 1 }, { quorumSize: 2 })).toEqual(['quorumSizesDiffer']);
    expect(codes({ quorumSize: 3 }, { quorumSize: 3 }, { quorumSize: 3 })).toEqual(['quorumSizesDiffer']);
    expect(codes({ quorumSize: 2 }, { quorumSize: 2 }, { quorumSize: null })).toEqual([]);
  });

  it('in their LSN degrade it beyond the limit', () => {
    const behind = judge([
      answered(one, replicaFacts({ role: 'leader', latestLsn: 40 * MIB })),
      answered(two, replicaFacts({ latestLsn: 24 * MIB })),
      answered(three, replicaFacts({ latestLsn: 24 * MIB - 1 })),
    ]);
    expect(behind.findings).toEqual([
      { verdict: 'degraded', code: 'replicaBehind', endpoint: three, message: 'is 16.0 MiB behind the group' },
    ]);
    expect(behind.lag).toBe(16 * MIB + 1);
    expect(codes({}, { latestLsn: null }, {})).toEqual(['incomplete']);
  });

  it('in nothing but the address have one vote together', () => {
    expect(codes({ replicaId: 'a' }, { replicaId: 'a' }, { replicaId: 'b' })).toEqual(['duplicateReplica']);
    const { verdict, group } = judge([
      answered(one, replicaFacts({ role: 'leader', replicaId: 'a' })),
      answered(two, replicaFacts({ role: 'leader', replicaId: 'a' })),
      failed(three),
    ]);
    expect({ verdict, answering: group.answering }).toEqual({ verdict: 'unavailable', answering: 1 });
  });

  it('in the cluster that they belong to are no group', () => {
    expect(codes({ cluster: 'x' }, { cluster: 'y' }, {})[0]).toBe('mixedClusters');
    expect(codes({ cluster: 'x' }, { cluster: 'x' }, {})).toEqual([]);
  });
});

describe('a group of Neon’s safekeepers', () => {
  it('is as healthy as a majority of it answers: nobody leads over HTTP', () => {
    const silent = { role: null, term: null, latestLsn: null };
    const looks = ENDPOINTS.map((endpoint) => answered(endpoint, replicaFacts(silent)));
    expect(judge(looks, 'neon').verdict).toBe('healthy');
    expect(judge([...looks.slice(0, 2), failed(ENDPOINTS[2])], 'neon').verdict).toBe('degraded');
    expect(judge([...looks.slice(0, 1), failed(ENDPOINTS[1]), failed(ENDPOINTS[2])], 'neon').verdict).toBe(
      'unavailable',
    );
  });
});

describe('whatever the replicas answer', () => {
  const facts = fc.record({
    role: fc.constantFrom('leader' as const, 'follower' as const, 'candidate' as const, null),
    term: fc.option(fc.nat(3)),
    latestLsn: fc.option(fc.nat()),
    quorumSize: fc.option(fc.nat(4)),
    replicaId: fc.option(fc.constantFrom('a', 'b', 'c')),
    cluster: fc.option(fc.constantFrom('x', 'y')),
  });
  const outcome = fc.option(fc.oneof(facts, fc.constantFrom('refused' as const, 'own' as const)));

  it('it is only called servable with a quorum of them and one leader in the highest term', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 3 }), (outcomes) => {
        const looks = outcomes.map((one, index) => {
          const endpoint = ENDPOINTS[index] ?? '';
          if (one === null) return null;
          return typeof one === 'string' ? failed(endpoint, one) : answered(endpoint, replicaFacts(one));
        });
        const { verdict, group } = judge(looks);
        if (verdict !== 'healthy' && verdict !== 'degraded') return;
        expect(group.answering).toBeGreaterThanOrEqual(group.quorum);
        const terms = outcomes.flatMap((one) =>
          one === null || typeof one === 'string' || one.role === null ? [] : (one.term ?? []),
        );
        expect(group.term).toBe(Math.max(...terms));
        expect(group.leader).not.toBeNull();
      }),
    );
  });
});
