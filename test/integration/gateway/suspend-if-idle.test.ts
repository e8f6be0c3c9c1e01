import fc from 'fast-check';
import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createControlPlane, DEFAULT_TIMEOUTS, type ControlPlane } from '../../../src/lib/control/index.ts';
import type { Depth } from '../../../src/lib/domain/index.ts';
import { createFakeWorld, type FakeWorld } from '../../../src/lib/drivers/fake/index.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createGateway } from '../../../src/lib/gateway/gateway.ts';
import { createGatewayService, GATEWAY_DEFAULTS } from '../../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createStore } from '../../../src/lib/store/index.ts';
import { createFakeStorageTier } from '../../support/fake-storage-tier.ts';
import { startMariaDbServer, type MariaDbServer } from '../../support/mariadb-server.ts';
import { createSimulatedClock, type SimulatedClock } from '../../support/simulated-clock.ts';
import { createSleepingServerDriver } from '../../support/sleeping-server.ts';

const CLIENTS = 4;
const quiet = (): undefined => undefined;

const client = fc.nat(CLIENTS - 1);
/** What clients and people do; none of it waits for the one before. */
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('insert' as const), client }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remember' as const), client }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('recall' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transact' as const), client }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const), client }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('suspend' as const),
      depth: fc.constantFrom<Depth>('frozen', 'parked', 'stopped'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'resume' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(600, 5_000, 70_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      verb: fc.constantFrom('start' as const, 'suspend' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('moment' as const), turns: fc.integer({ min: 1, max: 40 }) }) },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

let server: MariaDbServer;
beforeAll(async () => {
  server = await startMariaDbServer();
  await server.run(
    "CREATE USER app@'%' IDENTIFIED BY 'secret'",
    "GRANT ALL ON *.* TO app@'%'",
    'CREATE TABLE shop.done (client INT, n INT)',
  );
});
afterAll(() => server[Symbol.asyncDispose]());

/** One application with one connection; its commands go in turn. */
class Application {
  readonly errors: string[] = [];
  readonly faults: string[] = [];
  /** Numbers that the server said were inserted, and those of which it said nothing or no. */
  readonly told: number[] = [];
  readonly untold: number[] = [];
  doing: string | null = null;
  private work: Promise<void> = Promise.resolve();
  private connection: mysql2.Connection | null = null;
  private remembered: number | null = null;
  private next = 0;
  private readonly id: number;
  private readonly port: number;

  constructor(id: number, port: number) {
    this.id = id;
    this.port = port;
  }

  begin(what: 'insert' | 'remember' | 'recall' | 'transact' | 'reconnect'): void {
    this.work = this.work.then(() => this.attempt(what));
  }

  async end(): Promise<void> {
    await this.work;
    this.connection?.destroy();
  }

  private async attempt(what: Parameters<Application['begin']>[0]): Promise<void> {
    this.doing = what;
    try {
      this.connection ??= await mysql2.createConnection({ host: '127.0.0.1', port: this.port, ...LOGIN });
      await this[what](this.connection);
    } catch (error) {
      this.errors.push(`${what}: ${String(error)}`);
      this.connection?.destroy();
      this.connection = null;
      this.remembered = null;
    }
    this.doing = null;
  }

  private async insert(connection: mysql2.Connection): Promise<void> {
    const n = (this.next += 1);
    this.untold.push(n);
    await connection.execute('INSERT INTO done VALUES (?, ?)', [this.id, n]);
    this.untold.pop();
    this.told.push(n);
  }

  private async remember(connection: mysql2.Connection): Promise<void> {
    const n = (this.next += 1);
    await connection.query('SET @n = ?', [n]);
    this.remembered = n;
  }

  private async recall(connection: mysql2.Connection): Promise<void> {
    const [state] = await connection.query('SELECT @n AS n, DATABASE() AS db');
    const [id] = await connection.query('SELECT CONNECTION_ID() AS id');
    const told = JSON.stringify([state, id]);
    const expected = JSON.stringify([[{ n: this.remembered, db: 'shop' }], [{ id: connection.threadId }]]);
    if (told !== expected) this.faults.push(`recalled ${told} and not ${expected}`);
  }

  private async transact(connection: mysql2.Connection): Promise<void> {
    await connection.beginTransaction();
    await this.insert(connection);
    await connection.commit();
  }

  private async reconnect(connection: mysql2.Connection): Promise<void> {
    await connection.end();
    this.connection = null;
    this.remembered = null;
  }
}

const LOGIN = { user: 'app', password: 'secret', database: 'shop' };

/** A gateway and a control plane, real ones, over the server. */
class World {
  readonly world: FakeWorld = createFakeWorld();
  readonly clock: SimulatedClock = createSimulatedClock();
  readonly unanswered = new Set<Promise<unknown>>();
  injected = 0;
  readonly applications: Application[] = [];
  private readonly store = createStore({ path: ':memory:' });
  private readonly gateway = createGatewayService(
    createGateway(
      { clock: this.clock, logger: createSilentLogger() },
      { ...GATEWAY_DEFAULTS, listenHost: '127.0.0.1', sharedPort: 0, ports: { from: 34_000, to: 34_099 } },
    ),
  );
  private readonly control: ControlPlane;

  constructor() {
    const { clock, store, gateway } = this;
    const engine = createMariaDbEngine({ clock });
    const root = { user: 'root', password: 'root-pw', host: server.host, port: server.port };
    const driver = createSleepingServerDriver(this.world, server);
    this.control = createControlPlane(
      {
        store,
        clock,
        gate: gateway,
        // The private account that a compute has is not in this server.
        engines: {
          mariadb: {
            ...engine,
            awaitReady: (_target, signal) => engine.awaitReady(root, signal),
            readAccounts: (_target, signal) => engine.readAccounts(root, signal),
            mayHideState: (_target, signal) => engine.mayHideState(root, signal),
          },
        },
        drivers: { get: () => driver, choose: () => Promise.resolve(driver), all: () => [driver] },
        storageTier: createFakeStorageTier(),
        logger: createSilentLogger(),
        bootId: 'boot-1',
        hostMemory: () => null,
        settings: SETTINGS,
      },
      { defaultProject: 'default' },
    );
  }

  async open(): Promise<void> {
    await rowsOf();
    await this.control.start();
    await this.gateway.start(this.control.host);
    const { compute } = await this.control.operations.start('default', 'shop', {}, quiet);
    for (let id = 0; id < CLIENTS; id += 1) this.applications.push(new Application(id, compute.port));
  }

  async act(step: Action): Promise<void> {
    switch (step.do) {
      case 'suspend':
        this.ask(this.control.operations.suspend('default', 'shop', { depth: step.depth }, quiet));
        break;
      case 'resume':
        this.ask(this.control.operations.resume('default', 'shop', quiet));
        break;
      case 'fail':
        this.injected += 1;
        this.world.failNext(step.verb, new DozeError('DOCKER_FAILED', 'injected'));
        break;
      case 'pass':
        await this.clock.advance(step.ms);
        break;
      case 'moment':
        for (let turn = 0; turn < step.turns; turn += 1) await new Promise(setImmediate);
        break;
      default:
        this.applications[step.client]?.begin(step.do);
    }
  }

  /** Everybody gets an answer, without anything more being done than time passing. */
  async settle(): Promise<void> {
    const progress = { isOver: false };
    const all = Promise.all([...this.applications.map((application) => application.end()), ...this.unanswered]);
    void all.then(() => (progress.isOver = true));
    const deadline = performance.now() + 20_000;
    while (!progress.isOver) {
      if (performance.now() > deadline) throw new Error(`somebody has never had an answer: ${await this.describe()}`);
      await this.clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  private async describe(): Promise<string> {
    const compute = this.store.findCompute('default', 'shop');
    const facts = compute === null ? null : await this.gateway.facts(compute.id);
    const waiting = this.applications.map(({ doing }) => doing);
    const { state, depth } = compute ?? {};
    return JSON.stringify({ state, depth, facts, waiting, calls: this.world.calls.slice(-12) });
  }

  async close(): Promise<void> {
    server.thaw();
    this.control.close();
    await this.gateway.shutDown();
    this.store.close();
  }

  /** A person may be told that it is in use. */
  private ask(asked: Promise<unknown>): void {
    this.unanswered.add(asked.catch(() => undefined));
  }
}

const SETTINGS = {
  driver: 'fake',
  size: { min: 0.5, max: 0.5 },
  scaleDownAfterMs: 60_000,
  ladder: [
    { depth: 'frozen', afterMs: 1_000 },
    { depth: 'parked', afterMs: 60_000 },
  ],
  hostLimits: { here: null, elsewhere: null },
  quotaGraceMs: 300_000,
  memoryReserve: 0,
  endPinnedAfterMs: null,
  maxSessions: null,
  sessionIdleTimeoutMs: null,
  maxProjectSessions: null,
  keepDestroyedMs: 86_400_000,
  gatewayPorts: { from: 34_100, to: 34_199 },
  connectionWaitMs: 10_000,
  engineVersion: null,
  image: null,
  ...DEFAULT_TIMEOUTS,
} as const;

/** Also while somebody goes on freezing it. */
async function rowsOf(): Promise<readonly string[]> {
  const thawing = setInterval(() => server.thaw(), 20);
  using _ = { [Symbol.dispose]: () => clearInterval(thawing) };
  await using root = await server.asRoot();
  const rows = await root.queryRows('SELECT client, n FROM shop.done');
  await root.run('TRUNCATE shop.done');
  return rows.map(({ client: id, n }) => `${String(id)}:${String(n)}`);
}

it(
  'no command is lost, run twice, or answered with an error because a suspend was under way',
  { timeout: 170_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), async (steps) => {
        const world = new World();
        try {
          await world.open();
          for (const step of steps) await world.act(step);
          await world.settle();
          const rows = await rowsOf();
          expect(new Set(rows).size).toBe(rows.length);
          for (const [id, { told, untold, errors, faults }] of world.applications.entries()) {
            expect(faults).toEqual([]);
            if (world.injected === 0) expect(errors).toEqual([]);
            const run = rows.filter((row) => row.startsWith(`${String(id)}:`)).map((row) => Number(row.split(':')[1]));
            expect(run.toSorted((a, b) => a - b)).toEqual(told);
            expect(run.filter((n) => untold.includes(n))).toEqual([]);
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: Number(process.env['DOZE_MODEL_RUNS'] ?? 25) },
    );
  },
);
