import type { Compute } from '../domain/index.ts';
import type { InstanceSpec } from '../drivers/index.ts';
import type { Credentials, Engine } from '../engines/index.ts';
import { credentialsOf, requireSecrets, type Core } from './core.ts';
import { identityOf } from './server-identity.ts';

/** Everything the driver needs to make the instance anew. @throws INTERNAL when its secrets are gone. */
export function instanceSpec(core: Core, compute: Compute): InstanceSpec {
  const engine = core.engines[compute.engine];
  const { min, max, now } = compute.size;
  return {
    computeId: compute.id,
    name: compute.name,
    project: compute.project,
    image: compute.image,
    version: compute.engineVersion,
    cu: now,
    // A range begins at its lower end: these may outlive many sizes, and what is too small is made larger while it runs.
    serverArguments: engine.serverArguments(min < max ? min : now),
    initSql: initSql(engine, compute, credentialsOf(core, compute)),
    identity: identityOf(core, compute),
    stateless: statelessSpec(core, compute),
  };
}

/** The accounts of a clone come with its data, once: what its people change afterwards is theirs. */
function initSql(engine: Engine, { clonedFrom, serverVersion }: Compute, credentials: Credentials): string {
  const isNewCopy = clonedFrom !== undefined && serverVersion === null;
  return isNewCopy ? engine.initSqlOfCopy(credentials) : engine.initSql(credentials);
}

/** The generation is the number of the event that asked for the start: each start on record has a higher one. */
function statelessSpec(core: Core, compute: Compute): InstanceSpec['stateless'] {
  const { storage, seq } = compute;
  if (storage === undefined) return null;
  const { pageServer, safekeeper } = core.storageTier.urlsOf(storage);
  return {
    generation: seq,
    environment: {
      PAGE_SERVER_URL: pageServer,
      SAFEKEEPER_URL: safekeeper,
      PROJECT_ID: compute.project,
      COMPUTE_ID: compute.id,
      MYSQL_ROOT_PASSWORD: requireSecrets(core, compute).rootPassword,
      MYSQL_DATABASE: compute.database,
    },
  };
}
