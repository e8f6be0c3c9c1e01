import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AgentStatus, BillView, PushResult, RateCardView } from '../../src/lib/api/client/index.ts';
import { createStore } from '../../src/lib/store/index.ts';
import { createTestHome, doze } from '../support/cli.ts';
import { focusFaults, readFocus, sumMicros } from '../support/focus-validator.ts';
import { ACCEPT, billedOf, createReceiver } from '../support/receiver.ts';
import { createActive, destroy, suspend, wake } from '../support/store-life.ts';

const HOUR_MS = 3_600_000;
const MARCH_MS = Date.UTC(2025, 2);
const HALF = { min: 0.5, max: 2, now: 0.5 };

const home = createTestHome();

/** What happened last March: three computes of two projects, long gone. */
function seed(): void {
  const store = createStore({ path: join(home.path, 'doze.db') });
  const at = (hours: number): number => MARCH_MS + hours * HOUR_MS;
  createActive(store, 'c1', at(10), { name: 'web', project: 'shop', size: HALF });
  suspend(store, 'c1', at(30.5), 20.5 * HOUR_MS);
  wake(store, 'c1', at(100));
  destroy(store, 'c1', at(101.25), 1.25 * HOUR_MS);
  createActive(store, 'c2', at(200), { name: 'jobs', project: 'shop', size: { min: 1, max: 1, now: 1 } });
  store.heartbeat([], {
    atMs: at(201),
    deltas: [{ computeId: 'c2', bytesIn: 5, bytesOut: 2_500_000_000, queries: 40 }],
  });
  destroy(store, 'c2', at(203), 3 * HOUR_MS);
  createActive(store, 'c3', at(0), { name: 'pages', project: 'blog', size: HALF });
  destroy(store, 'c3', at(8), 8 * HOUR_MS);
  store.close();
}

beforeAll(() => {
  seed();
});
afterAll(() => home[Symbol.asyncDispose]());

describe('prices', () => {
  it('are none at first, and then the bill says what to type', async () => {
    const { code, stdout, stderr } = await home.run('usage', 'bill', '--project', 'shop', '--month', '2025-03');
    expect(code).toBe(0);
    expect(stdout).toContain('0.00');
    expect(stderr).toContain('doze rate set standard --currency EUR');
    expect((await home.run('rate', 'list')).stderr).toContain('doze rate set standard');
  });

  it('are set by flags and files, version by version, and shown', async () => {
    const first = ['rate', 'set', 'standard', '--currency', 'EUR', '--cu-hour', '0.16', '--gb-egress', '0.09'];
    expect(await home.json(...first, '--from', '2025-03')).toMatchObject({
      version: 1,
      validFrom: '2025-03-01T00:00:00.000Z',
    });
    const second = ['rate', 'set', 'standard', '--cu-hour', '0.2', '--free-cu-hours', '2'];
    expect(await home.json(...second, '--from', '2025-03-01T20:00Z')).toMatchObject({
      version: 2,
      prices: { compute: '0.20', egress: '0.09' },
      free: { compute: '2' },
    });
    const file = join(home.path, 'own.json');
    const shown = await home.json<RateCardView>('rate', 'show', 'standard');
    writeFileSync(file, JSON.stringify({ ...shown, validFrom: '2025-03-01T00:00:00Z', free: {} }));
    const own = await home.json<RateCardView>(
      'rate',
      'set',
      'own',
      '--file',
      file,
      '--project',
      'blog',
      '--cu-hour',
      '1',
    );
    expect(own).toMatchObject({
      name: 'own',
      version: 1,
      project: 'blog',
      currency: 'EUR',
      prices: { compute: '1.00' },
    });
    expect((await home.run('rate', 'list')).stdout.split('\n')).toHaveLength(5);
    expect(await home.json('rate', 'show', 'standard', '--version', '1')).toMatchObject({
      prices: { compute: '0.16' },
    });
  });

  it.each([
    ['that are none', ['rate', 'set', 'standard', '--cu-hour', 'much'], 2, 'VALUE_INVALID'],
    ['of nothing', ['rate', 'set', 'standard'], 2, 'USAGE'],
    [
      'of two currencies in a month',
      ['rate', 'set', 'standard', '--currency', 'USD', '--from', '2025-03-09'],
      5,
      'RATES_CONFLICT',
    ],
    [
      'from within an hour',
      ['rate', 'set', 'standard', '--cu-hour', '1', '--from', '2025-03-09T10:30Z'],
      2,
      'VALUE_INVALID',
    ],
    ['of a card that is not there', ['rate', 'show', 'standart'], 3, 'RATE_NOT_FOUND'],
    ['of a project that is none', ['usage', 'bill', '--project', 'shpo'], 3, 'PROJECT_NOT_FOUND'],
    ['of a month that is none', ['usage', 'bill', '--month', '2025-13'], 2, 'TIME_INVALID'],
    ['in no format', ['usage', 'export', '--format', 'xml'], 2, 'VALUE_INVALID'],
    ['pushed nowhere', ['usage', 'push'], 2, 'USAGE'],
    ['pushed to where a password stands', ['usage', 'push', '--to', 'http://a:hidden@localhost/'], 2, 'VALUE_INVALID'],
  ])('%s are refused', async (_, args, code, error) => {
    const outcome = await home.run(...args, '--json');
    expect(outcome.code).toBe(code);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: error, hint: expect.any(String) as string } });
    expect(outcome.stdout).not.toContain('hidden');
  });
});

describe('a bill', () => {
  it('has each line, sums, and what always on had cost', async () => {
    const bill = await home.json<BillView>('usage', 'bill', '--project', 'shop', '--month', '2025-03', '--always-on');
    expect(
      bill.lines.map(({ compute, kind, meter, rateCardVersion, quantity, amount }) => [
        compute,
        kind,
        meter,
        rateCardVersion,
        quantity,
        amount,
      ]),
    ).toEqual([
      ['jobs', 'usage', 'compute', 2, '3', '0.60'],
      ['jobs', 'usage', 'egress', 2, '2.5', '0.22'],
      ['web', 'usage', 'compute', 1, '5', '0.80'],
      ['web', 'usage', 'compute', 2, '5.875', '1.18'],
      ['web', 'allowance', 'compute', 2, '-2', '-0.40'],
    ]);
    expect(bill).toMatchObject({ total: '2.40', usage: '2.80', allowance: '-0.40', currency: 'EUR', open: false });
    // 91.25 h of 2 CU and 3 h of 1 CU: 20 CU-hours at the first price, 165.5 at the second of which 2 are free.
    expect(bill.alwaysOn).toMatchObject({ total: '36.12', allowance: '-0.40', saved: '33.72', savedPercent: 93.4 });
  });

  it('is printed as a table, and written as a page', async () => {
    const args = ['usage', 'bill', '--project', 'shop', '--month', '2025-03'];
    expect((await home.run(...args)).stdout).toMatch(/\(all\) +total +2\.40\n$/);
    const file = join(home.path, 'bill.html');
    expect(await home.run(...args, '--html', file)).toMatchObject({ code: 0, stdout: '' });
    const html = readFileSync(file, 'utf8');
    expect((await home.run(...args, '--html', '-')).stdout).toBe(html);
    expect(html).toContain('<title>bill of project shop for 2025-03</title>');
    expect(html.match(/<rect /g)).toHaveLength(4);
  });

  it('of another project is by its own card', async () => {
    const bill = await home.json<BillView>('usage', 'bill', '--project', 'blog', '--month', '2025-03');
    expect(bill).toMatchObject({ total: '4.00', lines: [{ rateCard: 'own', quantity: '4' }] });
  });
});

describe('an export', () => {
  const march = ['--since', '2025-03', '--until', '2025-04'];

  it('as FOCUS conforms, and adds up to the bills', async () => {
    const { stdout } = await home.run('usage', 'export', '--format', 'focus', ...march);
    expect(focusFaults(stdout)).toEqual([]);
    expect(sumMicros(readFocus(stdout).map((row) => row['BilledCost'] ?? null))).toBe(6_400_000n);
  });

  it('as CSV and JSON has the hours of the project that is asked for', async () => {
    const csv = (await home.run('usage', 'export', '--format', 'csv', '--project', 'blog', ...march)).stdout;
    expect(csv.split('\n')).toHaveLength(10);
    const hours = await home.json<{ compute: string }[]>('usage', 'export', '--project', 'blog', ...march);
    expect(hours.map(({ compute }) => compute)).toEqual(Array(8).fill('pages'));
  });
});

describe('a push', () => {
  it('goes on where it was when the agent was killed in it, and nothing counts twice', async () => {
    await using receiver = await createReceiver();
    const { pid } = await home.json<AgentStatus>('agent', 'status');
    receiver.behave = (request, response, count) => {
      if (count !== 3) ACCEPT(request, response, count);
      else process.kill(pid, 'SIGKILL');
    };
    const args = ['usage', 'push', '--to', receiver.url, '--batch', '20'];
    expect((await home.run(...args)).code).not.toBe(0);
    receiver.behave = ACCEPT;
    const env = { DOZE_PUSH_SECRET: 's3cret' };
    const again = await doze([...args, '--json'], { home: home.path, env });
    expect(again).toMatchObject({ code: 0 });
    expect(JSON.parse(again.stdout) as PushResult).toMatchObject({ corrections: 0 });
    expect(receiver.requests[3]).toMatchObject({ body: receiver.requests[2]?.body, authorization: 'Bearer s3cret' });
    const exported = await home.run(
      'usage',
      'export',
      '--format',
      'cloudevents',
      '--since',
      '2025-03',
      '--until',
      '2025-04',
    );
    const all = exported.stdout.split('\n').slice(0, -1);
    expect(billedOf(receiver.requests)).toEqual(
      billedOf([{ body: `[${all.join(',')}]`, contentType: '', authorization: null }]),
    );
    expect(await home.json('usage', 'push', '--to', receiver.url)).toMatchObject({ events: 0 });
    expect(readFileSync(join(home.path, 'agent.log'), 'utf8')).not.toContain('s3cret');
  });

  it('to a receiver that says no ends with what it said', async () => {
    await using receiver = await createReceiver((_request, response) => {
      response.writeHead(422).end('no such meter');
    });
    const { code, stderr } = await home.run('usage', 'push', '--to', receiver.url);
    expect(code).toBe(1);
    expect(stderr).toContain('refused the usage with status 422: no such meter');
    expect(stderr).not.toContain('tenant=7');
  });
});
