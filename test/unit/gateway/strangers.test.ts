import { describe, expect, it } from 'vitest';

import {
  isErr,
  OK_HEADER,
  readAuthSwitchRequest,
  readErr,
  stage1Of,
  answerScramble,
} from '../../../src/lib/mysql/index.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import { CLIENT_CAPABILITIES, startGatewayHarness, until, type GatewayHarness } from '../../support/gateway-harness.ts';
import { openRawClient, sendLogin } from '../../support/raw-client.ts';

/** What a client with a wrong password is answered, packet by packet, with what differs by itself taken out. */
async function conversationOf(harness: GatewayHarness, user: string, plugin: string, port = harness.port) {
  await using client = await openRawClient({ host: '127.0.0.1', port });
  sendLogin(client, { host: '127.0.0.1', port, user, password: 'wrong', capabilities: CLIENT_CAPABILITIES }, plugin);
  const answers: string[] = [];
  let { payload, sequence } = await client.read();
  if (!isErr(payload)) {
    const { data, plugin: asked } = readAuthSwitchRequest(payload);
    answers.push(`${asked} ${String(data.length)} ${String(sequence)}`);
    client.send(answerScramble(stage1Of('wrong'), data), 3);
    ({ payload, sequence } = await client.read());
  }
  const { errno, sqlState, message } = readErr(payload);
  return [...answers, `${String(errno)} ${sqlState} ${message.replace(user, 'USER')} ${String(sequence)}`];
}

describe('a stranger', () => {
  it.each(['mysql_native_password', 'caching_sha2_password'])(
    'hears the same as an account with a wrong password, asleep or awake, when it begins with %s',
    async (plugin) => {
      await using harness = await startGatewayHarness();
      for (const isActive of [false, true]) {
        harness.host.isActive = isActive;
        const known = await conversationOf(harness, 'app', plugin);
        expect(known.at(-1)).toMatch(
          /^1045 28000 Access denied for user 'USER'@'127\.0\.0\.1' \(using password: YES\)/,
        );
        expect(await conversationOf(harness, 'nobody', plugin)).toEqual(known);
        const { sharedPort } = harness.gateway;
        expect(await conversationOf(harness, 'app.shop', plugin, sharedPort)).toEqual(
          known.map((answer) => answer.replace('USER', 'app')),
        );
        expect(await conversationOf(harness, 'app.nowhere', plugin, sharedPort)).toEqual(known);
      }
      expect(harness.host.wakes).toBe(0);
    },
  );

  it('is sent to a running server when it looks like an account that only the server can tell', async () => {
    const accounts = [nativeAccount('app', '', { methods: [{ plugin: 'ed25519', authString: 'x' }] })];
    await using harness = await startGatewayHarness({}, accounts);
    expect(await conversationOf(harness, 'nobody', 'mysql_native_password')).toHaveLength(1);
    expect(harness.backend.logins).toEqual([]);
    harness.host.isActive = true;
    expect((await conversationOf(harness, 'nobody', 'mysql_native_password')).at(-1)).toMatch(/^1045/);
    expect(harness.backend.logins.map(({ user }) => user.toString())).toEqual(['nobody']);
    expect(harness.host.wakes).toBe(0);
  });
});

describe('guesses at once', () => {
  it('are judged a few at a time, and do not keep out who was let in before', async () => {
    await using harness = await startGatewayHarness();
    await using first = await harness.login();
    expect(first.ok[0]).toBe(OK_HEADER);
    const guess = () =>
      harness.login('other', 'guess').then(
        () => 'in',
        (error: unknown) => (error as Error).message.slice(0, 13),
      );
    const answers = await Promise.all(Array.from({ length: 200 }, guess));
    const counts = Map.groupBy(answers, (answer) => answer);
    expect([...counts.keys()].toSorted()).toEqual(['refused: 1045', 'refused: 1129']);
    expect(counts.get('refused: 1045')?.length).toBeLessThan(100);
    const guesses = Array.from({ length: 50 }, guess);
    await using second = await harness.login();
    expect(second.ok[0]).toBe(OK_HEADER);
    await Promise.all(guesses);
    await until(() => harness.gateway.sessionCount('c1') === 2);
  });
});
