import { kill } from 'node:process';

import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createTestHome } from '../support/cli.ts';

interface View {
  readonly url: string;
  readonly state: string;
  readonly waitingBecause: string | null;
}

interface EventView {
  readonly compute: string;
  readonly type: string;
  readonly data: { readonly reason?: string };
}

const clock = createSystemClock();
const home = createTestHome({ DOZE_HOST_CU: '0.5', DOZE_WAKE_TIMEOUT: '25s' });
afterAll(() => home[Symbol.asyncDispose]());

const NAMES = ['a', 'b', 'c'] as const;
const urls = new Map<string, string>();
const LOOKS = 100;
const LOOK_MS = 200;

function connect(name: string) {
  return createConnection({ uri: urls.get(name) ?? '', connectTimeout: 60_000 });
}

/** One query of one application. @returns who was served */
async function query(name: string): Promise<string> {
  const connection = await connect(name);
  try {
    await connection.query('SELECT 1');
    return name;
  } finally {
    connection.destroy();
  }
}

/** Until its connection is destroyed: mysql2 then says nothing any more of what it waits for. */
function keepBusy(connection: Connection): void {
  connection.query('SELECT SLEEP(120)').catch(() => undefined);
}

async function untilWaiting(name: string): Promise<string> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { waitingBecause } = await home.json<View>('compute', 'show', name);
    if (waitingBecause !== null) return waitingBecause;
    await clock.sleep(LOOK_MS);
  }
  throw new Error(`${name} does not wait`);
}

async function stateOf(name: string): Promise<string> {
  return (await home.json<View>('compute', 'show', name)).state;
}

describe('a host that has room for one compute', { timeout: 180_000 }, () => {
  it('refuses one that is larger than itself, before anything is made', async () => {
    const { code, stdout } = await home.run('compute', 'start', 'large', '--driver', 'docker', '--size', '1', '--json');
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'HOST_TOO_SMALL', message: 'compute "large" of 1 CU cannot run: the host gives 0.5 CU in all' },
    });
    expect(await home.json('compute', 'list')).toEqual([]);
  });

  it('makes room for each new one by taking down what is idle', async () => {
    for (const name of NAMES) {
      const { url } = await home.json<View>('compute', 'start', name, '--driver', 'docker', '--size', '0.5');
      urls.set(name, url);
    }
    expect(await Promise.all(NAMES.map(stateOf))).toEqual(['suspended', 'suspended', 'active']);
  });

  it('serves the clients of all three one after another, in the order in which they came', async () => {
    const busy = await connect('c');
    keepBusy(busy);
    const served: string[] = [];
    const clients: Promise<unknown>[] = [];
    for (const name of ['a', 'b']) {
      clients.push(query(name).then((done) => served.push(done)));
      await untilWaiting(name);
    }
    expect(await untilWaiting('a')).toBe('waits for 0.5 CU: 0.5 of 0.5 CU are awake');
    expect(await untilWaiting('b')).toBe('waits for 0.5 CU: 0.5 of 0.5 CU are awake, 1 before it');
    busy.destroy();
    await Promise.all(clients);
    expect(served).toEqual(['a', 'b']);
    expect(await query('c')).toBe('c');
    const events = await home.json<EventView[]>('compute', 'events', '--limit', '1000');
    const made = events.filter(({ type, data }) => type === 'suspendRequested' && data.reason === 'room');
    // One that hibernates is frozen first, and so has two.
    const names = made.map(({ compute }) => compute).filter((name, at, all) => name !== all[at - 1]);
    expect(names).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  it('tells a client that waited too long what it waited for, as an error that is worth another try', async () => {
    const busy = await connect('c');
    keepBusy(busy);
    await expect(query('a')).rejects.toMatchObject({
      errno: 1205,
      sqlState: 'HY000',
      message: 'compute "a" had no room to wake within 25 s: it waits for 0.5 CU: 0.5 of 0.5 CU are awake',
    });
    busy.destroy();
    expect(await query('a')).toBe('a');
  });

  it('forgets who waited when the agent is killed, and serves them when they ask again', async () => {
    const busy = await connect('a');
    keepBusy(busy);
    const waits = expect(query('b')).rejects.toThrow();
    await untilWaiting('b');
    const { pid } = await home.json<{ pid: number }>('agent', 'status');
    kill(pid, 'SIGKILL');
    await waits;
    busy.destroy();
    expect(await stateOf('a')).toBe('active');
    expect(await query('b')).toBe('b');
    expect(await stateOf('a')).toBe('suspended');
  });
});
