import { createHash } from 'node:crypto';

import type Dockerode from 'dockerode';

/** As any user that an image may give itself; the environment is the image contract's. */
const ENTRYPOINT = String.raw`set -eu
data=/var/lib/mysql/data
cp -R /ready "$data"
cat >/tmp/accounts.sql <<SQL
CREATE DATABASE $MYSQL_DATABASE;
CREATE TABLE $MYSQL_DATABASE.told (name VARCHAR(64) PRIMARY KEY, value VARCHAR(255));
INSERT INTO $MYSQL_DATABASE.told VALUES
  ('PAGE_SERVER_URL', '$PAGE_SERVER_URL'), ('SAFEKEEPER_URL', '$SAFEKEEPER_URL'),
  ('PROJECT_ID', '$PROJECT_ID'), ('COMPUTE_ID', '$COMPUTE_ID');
CREATE OR REPLACE USER root@'%' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
SQL
exec mariadbd --no-defaults --skip-name-resolve --datadir="$data" --tmpdir=/tmp --socket=/run/mysqld/mysqld.sock \
  --pid-file=/run/mysqld/mysqld.pid --bind-address=0.0.0.0 --port=3306 --innodb-log-file-size=8M \
  --innodb-buffer-pool-size=32M --init-file=/tmp/accounts.sql`;

/** Once for the image, as it takes ten seconds. */
const MAKE_READY = `mariadb-install-db --no-defaults --datadir=/ready --tmpdir=/tmp --innodb-log-file-size=8M \\
  --auth-root-authentication-method=normal --skip-test-db && chmod -R a+rX /ready`;

const BASE = 'doze/mariadb:10.11';
const REPOSITORY = 'doze-test/stateless';

/**
 * A stand-in for a compute image of the storage tier: it starts by the same contract, and has a plain server that
 * keeps its data in the container's memory. Made once from the server image's files, without its labels, so that
 * nobody takes it for one of doze's. @returns its reference
 */
export async function buildStatelessImage(docker: Dockerode): Promise<string> {
  const tag = createHash('sha256').update(ENTRYPOINT).update(MAKE_READY).digest('hex').slice(0, 12);
  const reference = `${REPOSITORY}:${tag}`;
  const same = await docker.listImages({ filters: { reference: [reference] } });
  if (same.length > 0) return reference;
  const base = await docker.createContainer({
    Image: BASE,
    User: 'root',
    Entrypoint: ['/bin/sh', '-c', MAKE_READY],
    Labels: { 'doze.role': 'helper' },
  });
  try {
    await base.start();
    const { StatusCode: code } = (await base.wait()) as { StatusCode: number };
    if (code !== 0) throw new Error(`the data directory could not be made ready: code ${code}`);
    const changes = [`ENTRYPOINT ${JSON.stringify(['/bin/sh', '-c', ENTRYPOINT])}`, 'VOLUME /var/lib/mysql'];
    const answer = await docker.importImage(await base.export(), { repo: REPOSITORY, tag, changes });
    // Read to its end: the image is there then.
    for await (const _ of answer) continue;
  } finally {
    await base.remove({ force: true });
  }
  return reference;
}
