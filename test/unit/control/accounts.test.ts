import { describe, expect, it } from 'vitest';

import { createHarness } from '../../support/control-harness.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import { settle } from '../../support/simulated-clock.ts';

const snapshotOf = (...users: readonly string[]) => ({
  takenAtMs: 0,
  accounts: users.map((user) => nativeAccount(user, 'secret')),
});

async function active() {
  const harness = await createHarness();
  const { id } = await harness.start('shop');
  const { host } = harness.control;
  const users = async (): Promise<readonly string[]> =>
    ((await host.refreshAccounts(id))?.accounts ?? []).map(({ user }) => user);
  return { harness, id, host, users };
}

describe('the accounts of a compute that runs', () => {
  it('are read again for whom they lack, however short a time ago they were read', async () => {
    const { harness, users } = await active();
    harness.engine.accounts = snapshotOf('app');
    const first = users();
    await harness.clock.advance(1_000);
    expect(await first).toEqual(['app']);
    harness.engine.accounts = snapshotOf('app', 'new');
    const second = users();
    await harness.clock.advance(250);
    expect(await second).toEqual(['app', 'new']);
  });

  it('are read once for all who wait for it', async () => {
    const { harness, users } = await active();
    await harness.clock.advance(1_000);
    let reads = 0;
    const { readAccounts } = harness.engine;
    harness.engine.readAccounts = (...args) => {
      reads += 1;
      return readAccounts(...args);
    };
    await users();
    const all = Promise.all(Array.from({ length: 50 }, users));
    await settle();
    expect(reads).toBe(1);
    await harness.clock.advance(250);
    await all;
    expect(reads).toBe(2);
  });
});

describe('a compute whose accounts require TLS', () => {
  it.each([
    ['requires TLS', { requiresTls: true }, true],
    ['requires a certificate', { requiresTls: true, requiresCertificate: true }, false],
    ['asks otherwise over TLS', { methods: [{ plugin: 'caching_sha2_password', authString: 'x' }] }, true],
    ['requires nothing', {}, false],
  ])('has a server with an identity, the same at each start, where one %s', async (_what, changes, hasIdentity) => {
    const { harness, id, host } = await active();
    const specs: (string | null)[] = [];
    const driver = harness.world;
    harness.engine.accounts = { takenAtMs: 0, accounts: [nativeAccount('app', 'secret', changes)] };
    for (const _round of [1, 2]) {
      await harness.control.operations.suspend('default', 'shop', {}, () => undefined);
      await host.wake(id, new AbortController().signal);
      specs.push(driver.certificates.get(id) ?? null);
    }
    expect(specs).toEqual(Array.from({ length: 2 }, () => (hasIdentity ? expect.any(String) : null)));
    expect(specs[0]).toBe(specs[1]);
    expect(host.findRoute(id)?.certificate ?? null).toBe(specs[0]);
  });
});
