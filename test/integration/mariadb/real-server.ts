import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { AGENT_USER } from '../../../src/lib/domain/index.ts';
import { createProcessDriver, type Driver, type Endpoint, type InstanceSpec } from '../../../src/lib/drivers/index.ts';
import { createMariaDbEngine, type Credentials, type Engine, type SqlTarget } from '../../../src/lib/engines/index.ts';
import { connect, type SqlConnection } from '../../../src/lib/sql/index.ts';

/** One real server, initialised as a compute is. */
export interface RealServer extends AsyncDisposable {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  readonly agent: SqlTarget;
  readonly credentials: Credentials;
  readonly driver: Driver;
  readonly spec: InstanceSpec;
  /** Of the driver. */
  readonly home: string;
  as(user: string, password: string): Promise<SqlConnection>;
  asOwner(): Promise<SqlConnection>;
  asRoot(): Promise<SqlConnection>;
}

const TIMEOUT_MS = 60_000;

export function soon(): AbortSignal {
  return AbortSignal.timeout(TIMEOUT_MS);
}

export async function startRealServer(): Promise<RealServer> {
  const home = await mkdtemp(join(tmpdir(), 'doze-mariadb-'));
  const clock = createSystemClock();
  const engine = createMariaDbEngine({ clock });
  const driver = createProcessDriver({ engine, clock }, { home, searchPath: '/usr/local/sbin:/usr/sbin:/usr/bin' });
  const credentials: Credentials = {
    database: 'shop',
    user: 'owner',
    userPassword: 'owner-1',
    rootPassword: 'root-1',
    agentPassword: 'agent-1',
  };
  const spec: InstanceSpec = {
    computeId: 'c1',
    name: 'one',
    project: 'default',
    image: null,
    version: null,
    cu: 0.25,
    serverArguments: engine.serverArguments(0.25),

    initSql: engine.initSql(credentials),
    identity: null,
    stateless: null,
  };
  const context = { signal: soon(), onProgress: () => undefined };
  await driver.create(spec, context);
  const endpoint = await driver.start(spec, context);
  const { host, port } = endpoint;
  const agent: SqlTarget = { host, port, user: AGENT_USER, password: credentials.agentPassword };
  await engine.awaitReady(agent, soon());

  const as = (user: string, password: string): Promise<SqlConnection> =>
    connect({ host, port, user, password }, { signal: soon() });
  return {
    engine,
    endpoint,
    agent,
    credentials,
    driver,
    spec,
    home,
    as,
    asOwner: () => as('owner', credentials.userPassword),
    asRoot: () => as('root', credentials.rootPassword),
    async [Symbol.asyncDispose]() {
      await driver.purge(spec.computeId, { signal: soon(), onProgress: () => undefined });
      await driver.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
