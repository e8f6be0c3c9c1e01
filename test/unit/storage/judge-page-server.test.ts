import { describe, expect, it } from 'vitest';

import type { EndpointObservation } from '../../../src/lib/domain/index.ts';
import { judgePageServer } from '../../../src/lib/storage/judge-page-server.ts';
import { answered, failed, pageServerFacts } from './looks.ts';

const PS = 'http://ps-1';
const MIB = 1024 ** 2;
const SERVICE = {
  endpoints: [PS],
  flavour: 'serverless-mariadb',
  lagLimit: 16 * MIB,
  deadlineMs: 2_000,
  safekeepers: 'sk',
} as const;

function judge(look: EndpointObservation | null, groupLsn: number | null = null) {
  const { verdict, findings, lag } = judgePageServer(SERVICE, look, groupLsn);
  return { verdict, said: findings.map(({ code, message }) => `${code}: ${message}`), lag };
}

describe('a Page Server', () => {
  it('is healthy when it answers and is with its group', () => {
    expect(judge(answered(PS, pageServerFacts({ latestLsn: 40 * MIB })), 41 * MIB)).toEqual({
      verdict: 'healthy',
      said: [],
      lag: MIB,
    });
  });

  it('is unavailable when it does not answer, for the reason that it is', () => {
    expect(judge(failed(PS, 'unauthorized'))).toMatchObject({
      verdict: 'unavailable',
      said: ['noAnswer: does not answer: for unauthorized'],
    });
  });

  it('is unknown when it was not asked, or could not be', () => {
    expect(judge(null)).toMatchObject({ verdict: 'unknown', said: ['neverChecked: was not checked yet'] });
    expect(judge(failed(PS, 'own'))).toMatchObject({ verdict: 'unknown' });
  });

  it('is degraded when it is slow, behind its group, or ahead of it', () => {
    expect(judge(answered(PS, pageServerFacts(), 1_001))).toMatchObject({
      verdict: 'degraded',
      said: ['slow: is slow: answered after 1001 ms, of 2000 ms that it has'],
    });
    expect(judge(answered(PS, pageServerFacts({ latestLsn: 0 })), 17 * MIB)).toMatchObject({
      verdict: 'degraded',
      said: ['behindGroup: is 17.0 MiB behind the Safekeepers "sk"'],
      lag: 17 * MIB,
    });
    expect(judge(answered(PS, pageServerFacts({ latestLsn: 18 * MIB })), 1 * MIB)).toMatchObject({
      verdict: 'degraded',
      said: ['aheadOfGroup: is 17.0 MiB ahead of the Safekeepers "sk": is that the group it follows?'],
      lag: 0,
    });
  });

  it('is not called healthy while it does not say where it is', () => {
    expect(judge(answered(PS, pageServerFacts({ latestLsn: null })), 1)).toMatchObject({
      verdict: 'degraded',
      lag: null,
    });
    expect(judge(answered(PS, pageServerFacts()), null)).toMatchObject({ verdict: 'healthy', lag: null });
  });
});
