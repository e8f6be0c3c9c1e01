import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { writeErr, writePacket } from '../../src/lib/mysql/index.ts';
import { nativeAccount } from '../support/fake-host.ts';
import {
  CLIENT_CAPABILITIES,
  startGatewayHarness,
  until,
  USERS,
  type GatewayHarness,
} from '../support/gateway-harness.ts';
import { loginRawClient } from '../support/raw-client.ts';
import { readCorpus } from './corpus.ts';
import { createRandom, mutate } from './mutate.ts';

/** What is left when a storm is over. */
export interface Aftermath {
  readonly packets: number;
  /** Of the sleeping compute. */
  readonly wakes: number;
  readonly sessions: number;
  /** Of the gateway to the server. */
  readonly connections: number;
  /** Sockets and servers of this process. */
  readonly handles: number;
  /** After a collection of garbage. */
  readonly heapBytes: number;
}

export interface Storm extends AsyncDisposable {
  /** Strangers: mutated logins and noise, each on a connection of its own, to a compute that sleeps. */
  knock(packets: number): Promise<Aftermath>;
  /** Sessions that send mutated commands to a server that is awake and answers with as much sense. */
  speak(packets: number): Promise<Aftermath>;
}

const CONCURRENCY = 64;
/** Of a session, before another takes its place. */
const COMMANDS_OF_A_SESSION = 20;
const FREE_ADDRESSES = 250;

/**
 * Mutated packets through a live gateway: `node test/fuzz/gateway.ts [packets] [seed]`. Fails on a crash, a wake, or
 * anything that stays behind.
 */
export async function openStorm(seed: number): Promise<Storm> {
  const random = createRandom(seed);
  const corpus = readCorpus();
  const said = (side: 'client' | 'server') => corpus.filter((sample) => sample.side === side);
  const [requests, answers] = [said('client'), said('server')];
  const pick = (from: typeof corpus): Buffer => mutate(Buffer.from(from[random(from.length)]!.bytes), random);
  // The client is never the account's: no mutation of it may get in.
  const asleep = await startGatewayHarness({}, [nativeAccount('nobody', 'knows')]);
  const awake = await startGatewayHarness({ ports: { from: 33_500, to: 33_599 } });
  awake.host.isActive = true;
  awake.backend.answer = (_command, link) => {
    if (random(3) === 0) link.write(pick(answers));
    return [writeErr({ errno: 1064, sqlState: '42000', message: 'what?' })];
  };
  const close = async (): Promise<void> => {
    await asleep[Symbol.asyncDispose]();
    await awake[Symbol.asyncDispose]();
  };

  /** From ever another address, as one alone would be slowed down. */
  const stranger = async (): Promise<void> => {
    const localAddress = `127.${String(1 + random(FREE_ADDRESSES))}.${String(random(FREE_ADDRESSES))}.${String(1 + random(FREE_ADDRESSES))}`;
    const socket = connect({ host: '127.0.0.1', port: asleep.port, localAddress });
    const over = closed(socket);
    socket.resume();
    socket.write(random(4) === 0 ? pick(answers) : pick(requests));
    // Half of them hang up in the middle, the others say goodbye.
    if (random(2) === 0) socket.end();
    else setTimeout(() => socket.destroy(), random(20));
    await over;
  };

  const session = async (): Promise<void> => {
    const login = { host: '127.0.0.1', port: awake.port, user: 'app', password: USERS.app };
    const client = await loginRawClient({ ...login, capabilities: CLIENT_CAPABILITIES });
    const over = closed(client.socket);
    client.socket.resume();
    for (let sent = 0; sent < COMMANDS_OF_A_SESSION && client.socket.writable; sent += 1) {
      client.socket.write(random(3) === 0 ? pick(requests) : writePacket(pick(requests).subarray(4), 0));
      if (random(4) === 0) await new Promise(setImmediate);
    }
    client.socket.destroy();
    await over;
  };

  return {
    knock: (packets) => storm(asleep, packets, 1, stranger),
    speak: (packets) => storm(awake, packets, COMMANDS_OF_A_SESSION, session),
    [Symbol.asyncDispose]: close,
  };
}

async function storm(
  { gateway, host, backend }: GatewayHarness,
  packets: number,
  packetsEach: number,
  one: () => Promise<void>,
): Promise<Aftermath> {
  let left = Math.ceil(packets / packetsEach);
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  await until(() => backend.connections.size === 0 && gateway.sessionCount('c1') === 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  collectGarbage();
  return {
    packets,
    wakes: host.wakes,
    sessions: gateway.sessionCount('c1'),
    connections: backend.connections.size,
    handles: process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length,
    heapBytes: process.memoryUsage().heapUsed + process.memoryUsage().external,
  };
}

async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  await once(socket, 'close');
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
}

if (import.meta.main) {
  const packets = Number(process.argv[2] ?? 1_000_000);
  const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
  process.stdout.write(`${String(packets)} mutated packets to either, seed ${String(seed)}\n`);
  await using storms = await openStorm(seed);
  for (const kind of ['knock', 'speak'] as const) {
    const before = await storms[kind](Math.ceil(packets / 100));
    const after = await storms[kind](packets);
    process.stdout.write(`${kind}: ${JSON.stringify({ before, after })}\n`);
    if (after.wakes > 0 || after.sessions > 0 || after.handles > before.handles)
      throw new Error('something stayed behind');
  }
}
