import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createTokens, type NewToken } from '../../../../src/lib/agent/access/token-book.ts';
import { createStore } from '../../../../src/lib/store/index.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';

const DAY_MS = 86_400_000;
const CI: NewToken = { name: 'ci', role: 'operate', project: 'shop', lifeMs: 90 * DAY_MS, createdBy: 'uid 0' };

function setUp() {
  const store = createStore({ path: ':memory:' });
  const clock = createSimulatedClock();
  return { store, clock, tokens: createTokens(store, clock) };
}

describe('a token', () => {
  it('has a secret of 256 bits with a prefix, of which the store has the hash and nothing else', () => {
    const { store, tokens } = setUp();
    const { token, secret } = tokens.create(CI);
    expect(secret).toMatch(/^doze_[0-9a-f]{64}$/);
    const [stored] = store.listTokens();
    expect(Buffer.from(stored?.hash ?? []).toString('hex')).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(JSON.stringify(stored)).not.toContain(secret.slice(5, 40));
    expect(tokens.create({ ...CI, name: 'other' }).secret).not.toBe(secret);
    expect(tokens.find(secret)).toEqual({ token, state: 'valid' });
    expect(tokens.find(`${secret.slice(0, -1)}x`)).toBeNull();
    expect(tokens.find('')).toBeNull();
  });

  it('ends at its time, or when it is revoked, for the next agent too', () => {
    const { store, clock, tokens } = setUp();
    const [one, two, three] = [
      tokens.create(CI),
      tokens.create({ ...CI, name: 'two', lifeMs: null }),
      tokens.create({ ...CI, name: 'three' }),
    ];
    const heard: string[] = [];
    tokens.onRevoked((id) => heard.push(id));
    expect(tokens.revoke(two.token.id).revokedAtMs).toBe(clock.wallMs());
    tokens.revoke(two.token.id);
    expect(heard).toEqual([two.token.id]);
    clock.jumpWall(90 * DAY_MS);
    for (const book of [tokens, createTokens(store, clock)]) {
      expect([one, two, three].map(({ secret }) => book.find(secret)?.state)).toEqual([
        'expired',
        'revoked',
        'expired',
      ]);
      expect(book.isValid(one.token.id)).toBe(false);
    }
  });

  it('has a name of its own among the valid ones of its project', () => {
    const { tokens } = setUp();
    const { token } = tokens.create(CI);
    expect(() => tokens.create(CI)).toThrow(expect.objectContaining({ code: 'NAME_IN_USE' }) as Error);
    tokens.create({ ...CI, project: 'other' });
    tokens.create({ ...CI, project: null });
    tokens.revoke(token.id);
    const again = tokens.create(CI).token;
    expect(tokens.list('shop').map(({ id }) => id)).toEqual([token.id, again.id]);
    expect(tokens.list(null)).toHaveLength(4);
    expect(() => tokens.revoke('t0')).toThrow(expect.objectContaining({ code: 'TOKEN_NOT_FOUND' }) as Error);
  });

  it('is on record as used once a minute, and is known as used at once', async () => {
    const { store, clock, tokens } = setUp();
    const { token } = tokens.create(CI);
    const recorded = () => store.listTokens()[0]?.token.lastUsedFrom;
    tokens.noteUse(token, '10.0.0.1');
    await clock.advance(59_000);
    tokens.noteUse(token, '10.0.0.2');
    expect([recorded(), tokens.get(token.id).lastUsedFrom]).toEqual(['10.0.0.1', '10.0.0.2']);
    await clock.advance(2_000);
    tokens.noteUse(token, '10.0.0.3');
    expect(recorded()).toBe('10.0.0.3');
    clock.jumpWall(-DAY_MS);
    tokens.noteUse(token, '10.0.0.4');
    expect(recorded()).toBe('10.0.0.4');
  });

  it('is forgotten a month after its end, and there are not any number of them', () => {
    const { store, clock, tokens } = setUp();
    tokens.create({ ...CI, lifeMs: DAY_MS });
    clock.jumpWall(30 * DAY_MS);
    tokens.create({ ...CI, name: 'two' });
    expect(store.listTokens()).toHaveLength(2);
    clock.jumpWall(DAY_MS);
    tokens.create({ ...CI, name: 'three' });
    expect(tokens.list(null).map(({ name }) => name)).toEqual(['two', 'three']);
    for (let count = 2; count < 200; count++) tokens.create({ ...CI, name: `t${count}` });
    expect(() => tokens.create({ ...CI, name: 'more' })).toThrow('there are 200 valid tokens of project "shop"');
    tokens.create({ ...CI, name: 'more', project: 'other' });
  });
});
