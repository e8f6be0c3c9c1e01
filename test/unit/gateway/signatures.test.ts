import { describe, expect, it } from 'vitest';

import { NATIVE_PASSWORD, readErr, stage1Of, stage2Of, writeAuthSwitchRequest } from '../../../src/lib/mysql/index.ts';
import { planExchange } from '../../../src/lib/gateway/plan-exchange.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import { startGatewayHarness } from '../../support/gateway-harness.ts';
import { ed25519Account, parsecAccount, signIn } from '../../support/signing-client.ts';

const RIGHT = 'thirty-two characters make a key';
const WRONG = 'thirty-two characters not a key.';
const SIGNING = [
  ['ed25519', ed25519Account, 'client_ed25519'],
  ['parsec', parsecAccount, 'parsec'],
] as const;
const native = { plugin: NATIVE_PASSWORD, authString: `*${stage2Of(stage1Of('plain')).toString('hex')}` };

/** What a client of it hears, with what differs by itself taken out. */
async function hear(port: number, user: string, password: string) {
  const { client, asked, salt, last } = await signIn(port, user, password);
  await client[Symbol.asyncDispose]();
  const { errno, message } = readErr(last);
  return { asked, salt, said: `${String(errno)} ${message.replace(user, 'USER')}` };
}

describe.each(SIGNING)('an account of %s whose compute sleeps', (_method, accountOf, plugin) => {
  it('is refused by the gateway itself for a wrong password', async () => {
    await using harness = await startGatewayHarness({}, [accountOf('app', RIGHT)]);
    const heard = await hear(harness.port, 'app', WRONG);
    expect(heard.asked).toEqual([plugin]);
    expect(heard.said).toBe("1045 Access denied for user 'USER'@'127.0.0.1' (using password: YES)");
    expect(harness.host.wakes).toBe(0);
    expect(harness.backend.connections.size).toBe(0);
  });

  it('wakes it for the right one, and is asked by the server again', async () => {
    await using harness = await startGatewayHarness({}, [accountOf('app', RIGHT)]);
    harness.backend.refusal = writeAuthSwitchRequest({ plugin: 'client_ed25519', data: Buffer.alloc(32, 's') });
    const { client, asked, last } = await signIn(harness.port, 'app', RIGHT, 1);
    await client[Symbol.asyncDispose]();
    expect(asked).toEqual([plugin]);
    expect(last).toEqual(harness.backend.refusal);
    expect(harness.host.wakes).toBe(1);
  });

  it('is asked the same as one that does not exist, which keeps its salt', async () => {
    await using harness = await startGatewayHarness({}, [accountOf('app', RIGHT)]);
    const known = await hear(harness.port, 'app', WRONG);
    for (const user of ['nobody', 'somebody']) {
      const stranger = await hear(harness.port, user, RIGHT);
      expect({ ...stranger, salt: null }).toEqual({ ...known, salt: null });
      expect(stranger.salt?.length).toBe(known.salt?.length);
      if (known.salt === null) continue;
      expect(stranger.salt?.subarray(0, 2)).toEqual(known.salt.subarray(0, 2));
      expect(stranger.salt).not.toEqual(known.salt);
      expect((await hear(harness.port, user, WRONG)).salt).toEqual(stranger.salt);
    }
    expect(harness.host.wakes).toBe(0);
  });

  it('says that it is locked to the right password only', async () => {
    await using harness = await startGatewayHarness({}, [accountOf('app', RIGHT, { isLocked: true })]);
    expect((await hear(harness.port, 'app', RIGHT)).said).toBe('4151 Access denied, this account is locked');
    expect((await hear(harness.port, 'app', WRONG)).said).toMatch(/^1045/);
    expect(harness.host.wakes).toBe(0);
  });
});

describe('an account with several ways in', () => {
  const methods = [...ed25519Account('app', RIGHT).methods, native];

  it('is let in by each of them, and woken for by none that is wrong', async () => {
    await using harness = await startGatewayHarness({}, [nativeAccount('app', '', { methods })]);
    expect((await hear(harness.port, 'app', 'wrong')).asked).toEqual(['client_ed25519']);
    expect(harness.host.wakes).toBe(0);
    harness.backend.refusal = writeAuthSwitchRequest({ plugin: 'client_ed25519', data: Buffer.alloc(32, 's') });
    const signed = await signIn(harness.port, 'app', RIGHT, 1);
    await signed.client[Symbol.asyncDispose]();
    expect([signed.asked, harness.host.wakes]).toEqual([['client_ed25519'], 1]);
  });
});

describe('what a client is asked', () => {
  const plan = (...accounts: ReturnType<typeof nativeAccount>[]) => {
    const exchange = planExchange({ takenAtMs: 0, accounts }, { user: 'app', seenAs: '10.0.0.1', isOverTls: false });
    return exchange === null ? null : [exchange.asksNative, exchange.signatures.map(({ method }) => method.plugin)];
  };
  const of = (...methods: { plugin: string; authString: string }[]) => nativeAccount('app', '', { methods });
  const [ed = native] = ed25519Account('app', RIGHT).methods;
  const [par = native] = parsecAccount('app', RIGHT).methods;
  const pam = { plugin: 'pam', authString: '' };

  it('follows from the methods of its account', () => {
    expect(plan(of(native))).toEqual([true, []]);
    expect(plan(of(ed))).toEqual([false, ['ed25519']]);
    expect(plan(of(par, ed))).toEqual([false, ['parsec', 'ed25519']]);
    expect(plan(of(par, native, ed))).toEqual([true, ['parsec', 'ed25519']]);
    expect(plan(of(native, pam))).toEqual([true, []]);
    expect(plan(of({ plugin: 'unix_socket', authString: '' }))).toEqual([true, []]);
    expect(plan()).toEqual([true, []]);
  });

  it.each(['pam', 'caching_sha2_password', 'gssapi', 'named_by_nobody'])('is nothing where %s is', (plugin) => {
    expect(plan(of({ plugin, authString: 'x' }))).toBeNull();
    expect(plan(of(ed, { plugin, authString: 'x' }))).toBeNull();
    expect(plan(nativeAccount('app', '', { methods: [{ plugin, authString: 'x' }], isLocked: true }))).toEqual([
      true,
      [],
    ]);
  });
});
