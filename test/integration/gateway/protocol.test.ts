import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  Capability,
  Command,
  isErr,
  readErr,
  withoutTransforms,
  type Capabilities,
} from '../../../src/lib/mysql/index.ts';
import { CLIENTS, query, SCRIPTS, TABLES, type Step } from '../../support/conversation-scripts.ts';
import { until } from '../../support/gateway-harness.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { loginRawClient, type RawClient } from '../../support/raw-client.ts';

/** No answer at all by then is none; one that has begun is whole when nothing more comes for as long. */
const QUIET_MS = 25;
const NO_ANSWER_MS = 250;
/** A refused change of user is answered after a second. */
const REFUSAL_MS = 3_000;
/** Commands, and later packets of one, that are not answered. */
const UNANSWERED: ReadonlySet<number> = new Set([Command.STMT_CLOSE, Command.STMT_SEND_LONG_DATA]);
/** Their answers have counts and ids that are never twice the same. */
const EVER_DIFFERENT: ReadonlySet<number> = new Set([Command.STATISTICS, Command.PROCESS_INFO]);
const MAX_FRAME = 2 ** 24 - 1;
/** A thread that is used again for another connection goes on counting its statements. */
const ARGUMENTS = ['--local-infile=1', '--max-allowed-packet=64M', '--thread-cache-size=0'];
/** A request for another answer, up to the random bytes in it. */
const SWITCH = /^(.{8}fe6d7973716c5f6e61746976655f70617373776f726400).*$/;

let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer({ serverArguments: ARGUMENTS });
  await over.server.run(...TABLES, `CREATE USER app@'%' IDENTIFIED BY 'secret'`, `GRANT ALL ON *.* TO app@'%'`);
  await over.host.refreshAccounts('c1');
});

afterAll(() => over[Symbol.asyncDispose]());

const direct = (): number => over.server.port;
const through = (): number => over.port;

function login(port: number, capabilities: Capabilities): Promise<RawClient & { readonly ok: Buffer }> {
  return loginRawClient({ host: '127.0.0.1', port, user: 'app', password: 'secret', database: 'shop', capabilities });
}

/** What the server said to each step, as hexadecimal digits. */
async function converse(client: RawClient, steps: readonly Step[], mostMs: number): Promise<string[]> {
  const answers: string[] = [];
  for (const step of steps) {
    const { payload, sequence } = Buffer.isBuffer(step) ? { payload: step, sequence: 0 } : step;
    client.send(payload, sequence);
    const isAnswered = !UNANSWERED.has(payload[0] ?? 0) || sequence > 0;
    const answer = (await takeAnswer(client, isAnswered ? mostMs : QUIET_MS)).toString('hex').replace(SWITCH, '$1');
    answers.push(sequence === 0 && EVER_DIFFERENT.has(payload[0] ?? 0) ? (answer === '' ? '' : 'something') : answer);
  }
  return answers;
}

async function takeAnswer(client: RawClient, mostMs: number): Promise<Buffer> {
  const answer: Buffer[] = [];
  for (let waitedMs = 0; waitedMs < mostMs; waitedMs += QUIET_MS) {
    await sleep(QUIET_MS);
    const more = client.takeBytes();
    if (more.length > 0) answer.push(more);
    else if (answer.length > 0) break;
  }
  return Buffer.concat(answer);
}

describe.each(Object.entries(CLIENTS))('a client with %s', (_name, asked) => {
  // What the gateway does not offer no client gets.
  const capabilities = withoutTransforms(asked);

  it.each(Object.entries(SCRIPTS))('is told to the byte what the server says: %s', async (name, steps) => {
    const mostMs = name.startsWith('change to') ? REFUSAL_MS : NO_ANSWER_MS;
    await using plain = await login(direct(), capabilities);
    const expected = await converse(plain, steps, mostMs);
    await using client = await login(through(), capabilities);
    expect(client.ok).toEqual(plain.ok);
    expect(await converse(client, steps, mostMs)).toEqual(expected);
  });
});

describe('a client', () => {
  const { 'old style': plain } = CLIENTS as { 'old style': Capabilities };

  it.each([
    ['one byte less than a frame', MAX_FRAME - 1],
    ['a frame to the byte, and an empty one after it', MAX_FRAME],
    ['one byte more than a frame', MAX_FRAME + 1],
    ['two frames to the byte', 2 * MAX_FRAME],
  ])('may send a command of %s', async (_what, length) => {
    await using client = await login(through(), plain);
    const [before, after] = ["SELECT LENGTH('", "') AS n"];
    const text = Buffer.alloc(length - 1 - before.length - after.length, 'x');
    client.send(Buffer.concat([query(before), text, Buffer.from(after)]));
    const packets = [];
    for (let index = 0; index < 5; index += 1) packets.push(await client.read());
    expect(packets[3]?.payload.toString('latin1', 1)).toBe(String(text.length));
    client.send(Buffer.of(Command.PING));
    expect((await client.read()).payload[0]).toBe(0);
  });

  it('that asks for compression all the same is not offered it, and goes on without', async () => {
    await using client = await login(through(), { ...plain, base: (plain.base | Capability.COMPRESS) >>> 0 });
    expect(client.greeting.capabilities.base & Capability.COMPRESS).toBe(0);
    client.send(query('SELECT 1'));
    expect((await client.read()).payload).toEqual(Buffer.of(1));
  });

  it('that registers as a replica has the server’s own word, and keeps its compute from being parked', async () => {
    await using client = await login(through(), plain);
    const id = Buffer.alloc(4);
    id.writeUInt32LE(77);
    const rest = Buffer.alloc(3 + 2 + 4 + 4);
    client.send(Buffer.concat([Buffer.of(Command.REGISTER_SLAVE), id, rest]));
    expect((await client.read()).payload[0]).toBe(0);
    expect((await over.park()).map(({ kind }) => kind)).toEqual(['commandInFlight']);
    client.send(Buffer.concat([Buffer.of(Command.BINLOG_DUMP), Buffer.from([4, 0, 0, 0, 0, 0]), id]));
    const { payload } = await client.read();
    expect(isErr(payload) && readErr(payload).errno).toBe(1236);
  });

  it('leaves no session behind when it is gone', async () => {
    const client = await login(through(), plain);
    await client[Symbol.asyncDispose]();
    await until(() => over.gateway.sessionCount('c1') === 0);
    expect(over.gateway.sessionCount('c1')).toBe(0);
  });
});
