import { describe, expect, it } from 'vitest';

import { pickConnection } from '../../../../src/lib/gateway/pool/pick-connection.ts';
import { createPooledBackend, type PooledBackend } from '../../../../src/lib/gateway/pool/pooled-backend.ts';
import type { Tenant } from '../../../../src/lib/gateway/pool/tenant.ts';

const request = { key: 'app', needsNew: (): boolean => false };

function connection(key: string | null, state: 'free' | 'idle' | 'busy' | 'resetting'): PooledBackend {
  const pooled = createPooledBackend(key, 0);
  if (state === 'free' || state === 'resetting') return Object.assign(pooled, { state });
  // Of a tenant nothing else is asked here.
  const tenant = { isMovable: state === 'idle' } as Tenant;
  return Object.assign(pooled, { state: 'taken', tenant });
}

describe('the connection for the next in line', () => {
  it('is one that nobody has', () => {
    const free = connection('app', 'free');
    expect(pickConnection([connection('app', 'idle'), free], request, true)).toEqual({ kind: 'reuse', pooled: free });
  });

  it('is a new one while there may be more', () => {
    expect(pickConnection([connection('app', 'idle')], request, false)).toEqual({ kind: 'connect' });
  });

  it('is that of the session that has been idle for the longest', () => {
    const first = connection('app', 'idle');
    const all = [connection('app', 'busy'), connection('bob', 'idle'), first, connection('app', 'idle')];
    expect(pickConnection(all, request, true)).toEqual({ kind: 'reuse', pooled: first });
  });

  it('takes the place of one that is of no use to it, of nobody rather than of a session', () => {
    const free = connection('bob', 'free');
    const all = [connection('bob', 'idle'), connection(null, 'idle'), free];
    expect(pickConnection(all, request, true)).toEqual({ kind: 'replace', pooled: free });
    expect(pickConnection(all, { ...request, key: null }, true)).toEqual({ kind: 'replace', pooled: free });
  });

  it('is none of those that begin otherwise than the session has to', () => {
    const own = connection('app', 'free');
    const picked = pickConnection([own], { ...request, needsNew: () => true }, true);
    expect(picked).toEqual({ kind: 'replace', pooled: own });
  });

  it('is not there while all are in use', () => {
    expect(pickConnection([connection('app', 'busy'), connection('app', 'resetting')], request, true)).toBeNull();
  });
});
