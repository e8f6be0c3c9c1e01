import { randomBytes } from 'node:crypto';

import { createDeadline } from '../../src/lib/clock.ts';
import { AGENT_USER } from '../../src/lib/domain/index.ts';
import type {
  Driver,
  Endpoint,
  InstanceChange,
  InstanceSpec,
  SuspendOutcome,
  VerbContext,
} from '../../src/lib/drivers/index.ts';
import type { Credentials, Engine } from '../../src/lib/engines/index.ts';
import { DozeError } from '../../src/lib/errors/index.ts';
import { connect, type Row, type SqlConnection } from '../../src/lib/sql/index.ts';

/** What a driver's own test gives to the suite: the driver on one home, and hands to act behind its back. */
export interface DriverHarness {
  /** A new driver object on the same home: called again, it is what an agent sees after a restart. */
  open(): Promise<Driver>;
  /** The engine whose server the driver runs; null if there is none behind it, and then nothing asks it for rows. */
  readonly engine: Engine | null;
  /** SIGKILL for the compute's server, as a crash. Resolves when it is dead. */
  killServer(computeId: string): Promise<void>;
  /** Deletes everything that was made. */
  close(): PromiseLike<void>;
}

const VERB_TIMEOUT_MS = 60_000;

/** A compute of the suite, driven by whichever driver object is current. */
export interface Subject {
  readonly id: string;
  readonly spec: InstanceSpec;
  readonly credentials: Credentials;
}

/** One driver on one home, and what the cases of the suite do with it. */
export interface Workbench extends AsyncDisposable {
  readonly driver: Driver;
  readonly hasSql: boolean;
  /** Closes the driver and opens another one on the same home. */
  restartAgent(): Promise<void>;
  newSubject(): Promise<Subject>;
  create(subject: Subject): Promise<void>;
  /** Starts, and waits until the server answers. */
  start(subject: Subject): Promise<Endpoint>;
  suspend: (subject: Subject, depth: Parameters<Driver['suspend']>[1]) => Promise<SuspendOutcome>;
  /** A compute with nothing yet, whose data will be a copy of another's. */
  newCopy(): Promise<Subject>;
  storeValue(subject: Subject, value: number): Promise<void>;
  /** Creates, starts and, with SQL, stores the row `value`. */
  launch(value?: number): Promise<Subject>;
  /** The stored values, or null without SQL. */
  readValues(subject: Subject): Promise<readonly number[] | null>;
  connectAs(subject: Subject, user: string, password: string): Promise<SqlConnection>;
  killServer(subject: Subject): Promise<void>;
  /** Purges every subject so far, so that no case runs beside the servers of those before it. */
  clear(): Promise<void>;
  /** Resolves with the first change about the subject that `isWanted`; fails at the deadline. */
  nextChange(
    subject: Subject,
    act: () => Promise<void>,
    isWanted: (change: InstanceChange) => boolean,
  ): Promise<InstanceChange>;
}

export function verbContext(signal?: AbortSignal): VerbContext {
  return { signal: signal ?? AbortSignal.timeout(VERB_TIMEOUT_MS), onProgress: () => undefined };
}

export async function openWorkbench(harness: DriverHarness): Promise<Workbench> {
  let driver = await harness.open();
  const subjects: Subject[] = [];
  const { engine } = harness;

  const bench: Workbench = {
    get driver() {
      return driver;
    },
    hasSql: engine !== null,
    async restartAgent() {
      await driver.close();
      driver = await harness.open();
    },
    async newSubject() {
      const subject = await makeSubject(driver, engine);
      subjects.push(subject);
      return subject;
    },
    async newCopy() {
      const subject = await bench.newSubject();
      const initSql = engine?.initSqlOfCopy(subject.credentials) ?? '';
      return { ...subject, spec: { ...subject.spec, initSql } };
    },
    storeValue: async (subject, value) => {
      if (bench.hasSql) await storeValue(bench, subject, value);
    },
    create: (subject) => inTime(driver, subject, 'create', (context) => driver.create(subject.spec, context)),
    async start(subject) {
      const endpoint = await inTime(driver, subject, 'start', (context) => driver.start(subject.spec, context));
      const target = { ...endpoint, user: AGENT_USER, password: subject.credentials.agentPassword };
      await inTime(driver, subject, 'await the server of', async ({ signal }) => engine?.awaitReady(target, signal));
      return endpoint;
    },
    suspend: (subject, depth) =>
      inTime(driver, subject, 'suspend', (context) => driver.suspend(subject.id, depth, context)),
    async launch(value = 1) {
      const subject = await bench.newSubject();
      await bench.create(subject);
      await bench.start(subject);
      if (bench.hasSql) await storeValue(bench, subject, value);
      return subject;
    },
    readValues: async (subject) => (bench.hasSql ? readValues(bench, subject) : null),
    async connectAs(subject, user, password) {
      const instance = await driver.inspect(subject.id, verbContext().signal);
      if (instance?.endpoint === undefined || instance.endpoint === null)
        throw new DozeError('INTERNAL', `${subject.id} has no endpoint`);
      const { database } = subject.credentials;
      return connect({ ...instance.endpoint, user, password, database }, { signal: verbContext().signal });
    },
    killServer: (subject) => harness.killServer(subject.id),
    nextChange: (subject, act, isWanted) => nextChange(driver, subject, act, isWanted),
    async clear() {
      for (const snapshot of await driver.listSnapshots(verbContext().signal)) {
        await driver.removeSnapshot(snapshot, verbContext());
      }
      for (const { id } of subjects.splice(0)) await driver.purge(id, verbContext());
    },
    async [Symbol.asyncDispose]() {
      await bench.clear();
      await driver.close();
    },
  };
  return bench;
}

/** Runs a verb; when its time is up, says with what is known of the instance. */
export async function inTime<Result>(
  driver: Driver,
  { id }: Subject,
  verb: string,
  run: (context: VerbContext) => Promise<Result>,
): Promise<Result> {
  const context = verbContext();
  try {
    return await run(context);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw new Error(`no end of "${verb} ${id}": ${await describe(driver, id)}`, { cause: error });
  }
}

async function describe(driver: Driver, id: string): Promise<string> {
  const { signal } = verbContext();
  const instance = await driver.inspect(id, signal);
  const log: string[] = [];
  for await (const line of driver.logs(id, { follow: false, tail: 30 }, signal)) log.push(line);
  return `${JSON.stringify(instance)}\n${log.join('\n')}`;
}

async function makeSubject(driver: Driver, engine: Engine | null): Promise<Subject> {
  const prepared = await driver.prepare({ version: null, image: null, isStateless: false }, verbContext());
  const suffix = randomBytes(5).toString('hex');
  const credentials: Credentials = {
    database: 'shop',
    user: 'owner',
    userPassword: `u-${suffix}`,
    rootPassword: `r-${suffix}`,
    agentPassword: `a-${suffix}`,
  };
  const spec: InstanceSpec = {
    computeId: `c${suffix}`,
    name: `suite-${suffix}`,
    project: 'default',
    image: prepared.image,
    version: prepared.version,
    cu: 0.25,
    serverArguments: engine?.serverArguments(0.25) ?? [],
    initSql: engine?.initSql(credentials) ?? '',
    identity: null,
    stateless: null,
  };
  return { id: spec.computeId, spec, credentials };
}

async function storeValue(bench: Workbench, subject: Subject, value: number): Promise<void> {
  await using connection = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
  await connection.queryRows('CREATE TABLE IF NOT EXISTS kept (value INT PRIMARY KEY)');
  await connection.queryRows('INSERT INTO kept VALUES (?)', [value]);
}

async function readValues(bench: Workbench, subject: Subject): Promise<readonly number[]> {
  await using connection = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
  const rows: readonly Row[] = await connection.queryRows('SELECT value FROM kept ORDER BY value');
  return rows.map((row) => Number(row['value']));
}

async function nextChange(
  driver: Driver,
  subject: Subject,
  act: () => Promise<void>,
  isWanted: (change: InstanceChange) => boolean,
): Promise<InstanceChange> {
  using deadline = createDeadline(30_000, () => new DozeError('TIMED_OUT', `no change of ${subject.id} was reported`));
  const { promise, resolve, reject } = Promise.withResolvers<InstanceChange>();
  deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason as Error));
  const connected = Promise.withResolvers<undefined>();
  using _watch = driver.watch((change) => {
    if (change.kind === 'resync') connected.resolve(undefined);
    if (change.computeId === subject.id && isWanted(change)) resolve(change);
  });
  // What happens before Docker is listened to is for the resync to find.
  if (driver.name === 'docker') await connected.promise;
  await act();
  return await promise;
}
