import { describe, expect, it } from 'vitest';

import { checkClock } from '../../../src/lib/agent/doctor/clock.ts';
import { checkDisk } from '../../../src/lib/agent/doctor/disk.ts';
import { checkDepths, checkDrivers, type ProbedDriver } from '../../../src/lib/agent/doctor/drivers.ts';
import { checkImages } from '../../../src/lib/agent/doctor/images.ts';
import { checkPools } from '../../../src/lib/agent/doctor/pools.ts';
import { checkPorts } from '../../../src/lib/agent/doctor/ports.ts';
import { checkStore } from '../../../src/lib/agent/doctor/store.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

const GIB = 1024 ** 3;

function probed(name: 'docker' | 'process', isUsable: boolean): ProbedDriver {
  const problem = { code: 'INTERNAL', message: `no ${name}`, hint: `install ${name}` } as const;
  return {
    driver: {
      name,
      capabilities: { depths: ['frozen', 'parked'], limits: true, isOnThisHost: true, stateless: false },
    },
    health: { isUsable, summary: `${name} 1.0`, problem: isUsable ? null : problem, hibernation: null },
  };
}

describe('checking pools', () => {
  const pool = { image: null, size: 2, ready: 1, making: 1, discarding: 0, kind: null, problem: null };

  it('says nothing where none is wanted', () => {
    expect(checkPools([])).toEqual([]);
  });

  it('counts the spares, and warns of what keeps a pool from being full', () => {
    const error = new DozeError('IMAGE_UNAVAILABLE', 'image x:1 is gone', { hint: 'doze image build mariadb' });
    const broken = { ...pool, image: 'x:1', problem: { error, count: 1, retryAtMs: 0 } };
    expect(checkPools([pool])).toMatchObject([{ status: 'ok', summary: '1 of 2 spares ready for new computes' }]);
    expect(checkPools([pool, broken])).toMatchObject([
      {
        status: 'warning',
        summary: '1 of 2 spares ready for new computes, 1 of 2 spares ready for x:1: image x:1 is gone',
        hint: 'doze image build mariadb',
      },
    ]);
  });
});

describe('checking drivers', () => {
  it('takes one that lacks for a warning as long as another can be used', () => {
    expect(checkDrivers([probed('docker', false), probed('process', true)])).toEqual([
      { name: 'docker', status: 'warning', summary: 'no docker', hint: 'install docker' },
      { name: 'process', status: 'ok', summary: 'process 1.0', hint: null },
    ]);
  });

  it('fails all when none can be used', () => {
    const statuses = checkDrivers([probed('docker', false), probed('process', false)]).map(({ status }) => status);
    expect(statuses).toEqual(['failed', 'failed']);
  });

  it('names the depths of those that can be used, and what they lack', () => {
    expect(checkDepths([probed('docker', true), probed('process', false)])).toMatchObject({
      status: 'ok',
      summary: 'docker: frozen, parked (not hibernated, stopped, removed)',
    });
    expect(checkDepths([probed('docker', false)])).toMatchObject({ status: 'skipped' });
  });
});

describe('checking depths', () => {
  function withHibernation(hibernation: NonNullable<ProbedDriver['health']['hibernation']>): ProbedDriver {
    const { driver, health } = probed('docker', true);
    return { driver, health: { ...health, hibernation } };
  }

  it('says how a driver hibernates', () => {
    const check = checkDepths([withHibernation({ isPossible: true, summary: 'by asking nicely', hint: null })]);
    expect(check.summary).toContain('hibernates by asking nicely');
    expect(check.hint).toBeNull();
  });

  it('says why it does not, and what to type', () => {
    const check = checkDepths([withHibernation({ isPossible: false, summary: 'no swap', hint: 'swapon it' })]);
    expect(check).toMatchObject({ status: 'ok', hint: 'swapon it' });
    expect(check.summary).toContain('does not hibernate: no swap');
  });
});

describe('checking the rest', () => {
  it.each([
    [10 * GIB, 'ok'],
    [1 * GIB, 'warning'],
    [0.1 * GIB, 'failed'],
  ])('a disk with %i bytes free is %s', (freeBytes, status) => {
    expect(checkDisk({ home: '/srv', freeBytes }).status).toBe(status);
  });

  it.each([
    ['that keeps pace', 60_000, 60_000, 'ok', ''],
    ['that was set forward', 3_660_000, 60_000, 'warning', 'forward by 1 h'],
    ['that was set back', -3_540_000, 60_000, 'warning', 'back by 1 h'],
    ['that starts in 1970', -Date.UTC(2026, 0, 1), 60_000, 'failed', '1970'],
  ])('a clock %s', (_title, wallDeltaMs, monotonicDeltaMs, status, mentioned) => {
    const started = { wallMs: Date.UTC(2026, 0, 1), monotonicMs: 5_000 };
    const now = { wallMs: started.wallMs + wallDeltaMs, monotonicMs: started.monotonicMs + monotonicDeltaMs };
    const check = checkClock(started, now);
    expect(check.status).toBe(status);
    expect(check.summary).toContain(mentioned);
  });

  it.each([
    ['as set', 13_306, [20_000], 'ok'],
    ['with another shared port', 20_001, [], 'warning'],
    ['with no port left', 13_306, [20_000, 20_001], 'failed'],
    ['with computes outside of the range', 13_306, [30_000, 30_001], 'ok'],
  ])('ports %s', (_title, sharedPort, used, status) => {
    const facts = {
      host: '127.0.0.1',
      wantedSharedPort: 13_306,
      sharedPort,
      range: { from: 20_000, to: 20_001 },
      used,
    };
    expect(checkPorts(facts).status).toBe(status);
  });

  it('images are missed only when none may be pulled', () => {
    expect(checkImages([], true).status).toBe('ok');
    expect(checkImages([], false)).toMatchObject({ status: 'warning', hint: 'doze image build mariadb' });
    expect(checkImages(null, true).status).toBe('skipped');
  });

  it('a store whose records differ from its log has failed', () => {
    expect(checkStore({ isConsistent: true, differences: [] }, 'doze.db').status).toBe('ok');
    const check = checkStore({ isConsistent: false, differences: ['shop: state', 'a', 'b'] }, 'doze.db');
    expect(check).toMatchObject({
      status: 'failed',
      summary: expect.stringContaining('shop: state (and 2 more)') as string,
    });
  });
});
