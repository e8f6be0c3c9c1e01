import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import type { StorageHealth, StorageService } from '../../../src/lib/domain/index.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createStorageWatch } from '../../../src/lib/storage/index.ts';
import { startPageServer, startSafekeepers } from '../../support/storage-tier/serverless-mariadb.ts';

const MIB = 1024 ** 2;

function service(name: string, endpoints: readonly string[], changes: Partial<StorageService> = {}): StorageService {
  return {
    id: name,
    name,
    kind: 'safekeepers',
    flavour: 'serverless-mariadb',
    endpoints,
    safekeepers: null,
    certificateAuthority: null,
    hasCredential: false,
    deadlineMs: 1_000,
    intervalMs: 50,
    lagLimit: 16 * MIB,
    addedAtMs: 0,
    ...changes,
  };
}

/** A watch that writes down the verdicts, and can be waited for. */
function createBench() {
  const verdicts: string[] = [];
  const waiting = new Set<() => void>();
  const watch = createStorageWatch({
    clock: createSystemClock(),
    logger: createSilentLogger(),
    random: () => 0.5,
    onChange: ({ name }, { verdict }) => {
      verdicts.push(`${name} ${verdict}`);
      for (const look of waiting) look();
    },
  });
  const healthOf = (name: string): StorageHealth => {
    const found = watch.find(name);
    if (found === null) throw new TypeError(`nobody watches ${name}`);
    return found.health();
  };
  return {
    watch,
    verdicts,
    healthOf,
    untilVerdict: (name: string, verdict: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (healthOf(name).verdict !== verdict) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: () => watch.close(),
  };
}

describe('a watched group of Safekeepers', () => {
  it('is followed through the loss of its leader, of its quorum, and back', async () => {
    await using group = await startSafekeepers(3);
    await using bench = createBench();
    bench.watch.watch(service('sk', group.urls), null);
    await bench.untilVerdict('sk', 'healthy');
    expect(bench.healthOf('sk').group).toMatchObject({ leader: group.urls[0], term: 1, answering: 3 });

    await group.kill(0);
    await bench.untilVerdict('sk', 'degraded');
    expect(bench.healthOf('sk').group).toMatchObject({ leader: group.urls[1], term: 2, answering: 2 });
    expect(bench.healthOf('sk').endpoints[0]?.lastError).toMatchObject({ fault: 'refused' });

    await group.kill(1);
    await bench.untilVerdict('sk', 'unavailable');
    expect(bench.healthOf('sk').findings[0]?.message).toBe('no quorum: 1 of 3 replicas answer, and 2 must');

    await group.revive(0);
    await group.revive(1);
    await bench.untilVerdict('sk', 'healthy');
    expect(bench.verdicts).toEqual(['sk healthy', 'sk degraded', 'sk unavailable', 'sk healthy']);
  });

  it('keeps its verdict through a single missed look', async () => {
    await using group = await startSafekeepers(3);
    await using bench = createBench();
    bench.watch.watch(service('sk', group.urls, { intervalMs: 60_000 }), null);
    const watched = bench.watch.find('sk');
    expect((await watched?.look())?.verdict).toBe('healthy');
    const [, follower] = group.replicas;
    if (follower === undefined) throw new TypeError('no replica');
    follower.misbehaves = 'close';
    expect(await watched?.look()).toMatchObject({ verdict: 'healthy', findings: [{ code: 'replicaMissing' }] });
    follower.misbehaves = null;
    expect(await watched?.look()).toMatchObject({ verdict: 'healthy', findings: [] });
  });
});

describe('several watched services', () => {
  it('do not wait for each other: one that hangs is its own matter', async () => {
    await using slow = await startPageServer();
    await using group = await startSafekeepers(3);
    await using bench = createBench();
    slow.misbehaves = 'hang';
    bench.watch.watch(service('slow', [slow.url], { kind: 'pageServer', deadlineMs: 60_000 }), null);
    bench.watch.watch(service('sk', group.urls), null);
    await bench.untilVerdict('sk', 'healthy');
    await group.kill(2);
    await bench.untilVerdict('sk', 'degraded');
    expect(bench.healthOf('slow').verdict).toBe('unknown');
  });

  it('are judged together where one follows the other', async () => {
    await using pageServer = await startPageServer();
    await using group = await startSafekeepers(3);
    await using bench = createBench();
    for (const replica of group.replicas) replica.latestLsn = 100 * MIB;
    pageServer.latestLsn = 50 * MIB;
    bench.watch.watch(service('sk', group.urls), null);
    await bench.untilVerdict('sk', 'healthy');
    bench.watch.watch(service('ps', [pageServer.url], { kind: 'pageServer', safekeepers: 'sk' }), null);
    await bench.untilVerdict('ps', 'degraded');
    expect(bench.healthOf('ps')).toMatchObject({ lag: 50 * MIB, findings: [{ code: 'behindGroup' }] });
    pageServer.latestLsn = 100 * MIB;
    await bench.untilVerdict('ps', 'healthy');
  });
});
