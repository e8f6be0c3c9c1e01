import { describe, expect, it } from 'vitest';

import type { GateFacts } from '../../../../src/lib/control/index.ts';
import { blockersAt, type Blocker } from '../../../../src/lib/domain/index.ts';
import { boundBlockers, mergeFacts } from '../../../../src/lib/gateway/threads/merge-facts.ts';

const NOBODY: GateFacts = {
  sessions: 0,
  lastActivityMs: null,
  firstIn: null,
  blockers: [],
  hasUnknownSessions: false,
  connections: null,
};

function blocker(kind: Blocker['kind'], sinceMs = 0): Blocker {
  return { kind, client: '127.0.0.1:1', sinceMs };
}

describe('facts of several threads', () => {
  it('are those of one gateway', () => {
    const one = { ...NOBODY, sessions: 2, lastActivityMs: 5, blockers: [blocker('login')] };
    const other = { ...NOBODY, sessions: 3, lastActivityMs: 7, hasUnknownSessions: true };
    expect(mergeFacts([one, other], [])).toEqual({
      sessions: 5,
      connections: null,
      lastActivityMs: 7,
      firstIn: null,
      blockers: [blocker('login')],
      hasUnknownSessions: true,
    });
  });

  it('have no activity where no thread has seen any', () => {
    expect(mergeFacts([NOBODY, NOBODY], [])).toEqual(NOBODY);
  });

  it('tell of the last wake, whichever thread saw it', () => {
    const early = { handshakeMs: 1, loginMs: 1, wokenMs: 10 };
    const late = { handshakeMs: 2, loginMs: 2, wokenMs: 20 };
    const facts = [early, late, null].map((firstIn) => ({ ...NOBODY, firstIn }));
    expect(mergeFacts(facts, []).firstIn).toEqual(late);
  });

  it('count the loss of a thread as activity, as nobody knows any more when its clients were last active', () => {
    expect(mergeFacts([null, { ...NOBODY, lastActivityMs: 5 }], [9])).toMatchObject({ sessions: 0, lastActivityMs: 9 });
  });
});

describe('blockers', () => {
  it('are bounded, and still forbid every depth that they forbade', () => {
    const kinds = ['pinned', 'openTransaction', 'commandInFlight', 'login'] as const;
    const all = kinds.flatMap((kind) => Array.from({ length: 1_000 }, (_, index) => blocker(kind, index)));
    const bounded = boundBlockers(all);
    expect(bounded.length).toBe(64);
    for (const depth of ['frozen', 'parked'] as const)
      expect(blockersAt(bounded, depth)[0]).toEqual(blockersAt(all, depth)[0]);
  });
});
