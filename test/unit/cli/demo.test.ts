import { describe, expect, it } from 'vitest';

import { demoSummary, findServer, type DemoFigures } from '../../../src/lib/cli/demo/index.ts';
import { createObserver } from '../../../src/lib/cli/demo/observer.ts';
import { requireSame } from '../../../src/lib/cli/demo/rows.ts';
import type { ApiClient, Setup } from '../../../src/lib/api/client/index.ts';
import type { Clock } from '../../../src/lib/clock.ts';

const figures: DemoFigures = {
  name: 'demo-1f2e',
  project: 'demo',
  driver: 'docker',
  image: 'mariadb:10.11',
  engine: 'mariadb',
  version: '10.11.19-MariaDB-deb12',
  startMs: 1200,
  rows: 1000,
  writeMs: 40,
  wakes: [{ fromDepth: 'parked', sleptMs: 2100, firstRowMs: 164, rows: 1000 }],
  activeSeconds: 5.3,
  cuSeconds: 2.65,
  totalMs: 9000,
  kept: false,
};

describe('the line a demo ends with', () => {
  it('has times, rows and the seconds billed', () => {
    expect(demoSummary(figures)).toBe(
      'demo: started in 1.2 s, 1,000 rows written, slept 2.1 s, woke in 164 ms with all 1,000 rows, ' +
        '5.300 s billed (docker, MariaDB 10.11.19)',
    );
  });
});

describe('rows after a wake', () => {
  it('have to be as many and the same', () => {
    const written = { rows: 3, checksum: '42' };
    expect(() => requireSame({ rows: 3, checksum: '42' }, written, 'now')).not.toThrow();
    expect(() => requireSame({ rows: 2, checksum: '42' }, written, 'now')).toThrow('now the table holds 2 rows');
    expect(() => requireSame({ rows: 3, checksum: '43' }, written, 'now')).toThrow('checksum 43');
  });
});

describe('what was seen from outside', () => {
  it('bounds the active time from below by answers and from above by requests', () => {
    let nowMs = 0;
    const observer = createObserver({ monotonicMs: () => nowMs } as Clock);
    const at = (ms: number, what: () => void): void => {
      nowMs = ms;
      what();
    };
    at(0, observer.requested);
    at(1000, observer.answered);
    at(3000, observer.answered);
    at(5000, observer.asleep);
    at(9000, observer.requested);
    at(9100, observer.answered);
    at(9200, observer.asleep);
    expect(observer.bounds()).toEqual({ atLeastSeconds: 2, atMostSeconds: 5.2 });
  });
});

describe('looking for a server', () => {
  const progress = { run: <T>(_title: string, work: (report: () => void) => Promise<T>) => work(() => undefined) };
  const nothing: Setup = {
    driver: null,
    summary: 'neither Docker nor mariadbd was found',
    install: { packages: ['mariadb-server-core'], command: 'apt-get install -y mariadb-server-core' },
  };
  const found: Setup = { driver: 'process', summary: 'mariadbd 10.11', install: null };
  const api = { setup: { find: async () => nothing, install: async () => found } } as unknown as ApiClient;

  it('names the command that installs one where nobody can be asked', async () => {
    const looking = findServer({ api, call: {}, progress, mayInstall: false, ask: null });
    await expect(looking).rejects.toMatchObject({
      code: 'NO_DRIVER',
      hint: 'apt-get install -y mariadb-server-core, or doze demo --yes, which does it',
    });
  });

  it('installs one when asked to, or when the answer is yes', async () => {
    expect(await findServer({ api, call: {}, progress, mayInstall: true, ask: null })).toBe(found);
    expect(await findServer({ api, call: {}, progress, mayInstall: false, ask: async () => true })).toBe(found);
  });

  it('installs nothing when the answer is no', async () => {
    const looking = findServer({ api, call: {}, progress, mayInstall: false, ask: async () => false });
    await expect(looking).rejects.toMatchObject({ code: 'NO_DRIVER' });
  });
});
