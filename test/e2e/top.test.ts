import { readFileSync } from 'node:fs';
import { kill } from 'node:process';
import { fileURLToPath } from 'node:url';

import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';
import { openPty, type Pty, type PtyOptions } from '../support/pty.ts';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const home = createTestHome();
let url = '';

beforeAll(async () => {
  const flags = ['--driver', 'process', '--suspend-after', 'never'];
  ({ url } = await home.json<{ url: string }>('compute', 'start', 'shop', ...flags));
  await home.json('compute', 'start', 'bill', '--project', 'acme', ...flags);
  await home.json('compute', 'start', 'rest', ...flags);
  await home.json('compute', 'suspend', 'rest');
});
afterAll(() => home[Symbol.asyncDispose]());

interface Look {
  readonly computes: readonly {
    readonly name: string;
    readonly state: string;
    readonly depth: string | null;
    readonly sessions: number;
    readonly queries: number;
    readonly queriesPerSecond: number | null;
    readonly memoryBytes: number | null;
    readonly awakeTodaySeconds: number;
    readonly awakeBecause: readonly string[];
  }[];
}

const wakes = async (): Promise<number> => (await home.json<{ wakes: number }>('compute', 'show', 'rest')).wakes;

describe('doze top off a terminal', () => {
  it('prints the table once, with the same columns as ever', async () => {
    const { code, stdout, stderr } = await home.run('top');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [titles = '', ...rows] = stdout.trimEnd().split('\n');
    expect(titles.split(/ {2,}/)).toHaveLength(10);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4))).toEqual([
      ['bill', 'acme', 'active', '-'],
      ['shop', 'default', 'active', '-'],
      ['rest', 'default', 'suspended', 'parked'],
    ]);
    expect((await home.run('top', '--project', 'acme')).stdout.split('\n')).toHaveLength(3);
  });

  it('tells with --json what each uses, counts what clients ask, and wakes nobody', async () => {
    const before = await wakes();
    const connection = await mysql2.createConnection(url);
    const ended = new AbortController();
    const load = (async () => {
      while (!ended.signal.aborted) await connection.query('SELECT 1');
    })();
    const { computes } = await home.json<Look>('top', '--sort', 'queries');
    ended.abort();
    await load;
    await connection.end();
    expect(computes[0]).toMatchObject({ name: 'shop', state: 'active', sessions: 1 });
    expect(computes[0]?.queriesPerSecond).toBeGreaterThan(0);
    expect(computes[0]?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(computes[0]?.awakeTodaySeconds).toBeGreaterThan(0);
    expect(computes[0]?.awakeBecause).toContain('it is set never to suspend');
    const rest = computes.find(({ name }) => name === 'rest');
    expect(rest).toMatchObject({ depth: 'parked', queriesPerSecond: 0, queries: 0, memoryBytes: null });
    expect(await wakes()).toBe(before);
  });

  it.each([
    [['--sort', 'size'], 2, 'use one of state, queries'],
    [['--interval', '10ms'], 2, 'from 100ms to 1h'],
    [['--interval', 'often'], 2, 'write it like 30s'],
    [['--follow'], 2, 'doze top --json --follow'],
    [['shop'], 2, ''],
  ])('refuses %s', async (args, code, hint) => {
    const outcome = await home.run('top', ...args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(hint);
  });
});

const env = (more: Readonly<Record<string, string>> = {}): PtyOptions['env'] => ({
  ...process.env,
  DOZE_HOME: home.path,
  ...more,
});
/** Between two reads of the terminal's settings; `$$` of the inner shell becomes the process of doze. */
const command = (flags = '', afterwards = ''): string =>
  `stty -g > '${home.path}/before'; sh -c 'echo $$ > "${home.path}/pid"; exec "${process.execPath}" "${program}" top ${flags}'; ` +
  `${afterwards} code=$?; stty -g > '${home.path}/after'; exit $code`;
const read = (name: string): string => readFileSync(`${home.path}/${name}`, 'utf8');
const open = (flags = '', more: Partial<PtyOptions> = {}): Promise<Pty> =>
  openPty(command(flags), { env: env(), columns: 130, rows: 16, ...more });
const isUp = (screen: string): boolean => screen.startsWith('doze top  2 of 3 awake');

/** Whatever happened, the terminal is as it was. */
function expectGivenBack({ model }: Pty): void {
  expect(model).toMatchObject({ isAlternate: false, isCursorShown: true, isWrapping: true });
  expect(read('after')).toBe(read('before'));
}

describe('doze top on a terminal', () => {
  it('shows the table, follows the keys, and gives the terminal back', async () => {
    const pty = await open('--interval 200ms');
    await pty.until(isUp);
    await pty.until((screen) => /^> bill .* it is set never to suspend$/m.test(screen));
    expect(pty.model).toMatchObject({ isAlternate: true, isCursorShown: false });
    pty.type('\u001b[B\u001b[B');
    await pty.until((screen) => screen.includes('> rest'));
    pty.type('w');
    await pty.until((screen) => screen.includes('rest resumed in') && screen.startsWith('doze top  3 of 3 awake'));
    pty.type('s');
    await pty.until((screen) => screen.includes('rest suspended in') && isUp(screen));
    pty.type('p');
    await pty.until((screen) => screen.startsWith('doze top  acme: 1 of 1 awake') && !screen.includes('shop'));
    pty.type('ppoo');
    await pty.until((screen) => screen.includes('o order: sessions') && screen.includes('shop'));
    pty.type('q');
    expect(await pty.ended).toBe(0);
    expectGivenBack(pty);
    expect(pty.model.text()).not.toContain('doze top');
  });

  it('draws only what differs', async () => {
    const pty = await open('--interval 200ms');
    await pty.until(isUp);
    await pty.until((screen) => / 0 {2}0\.5/.test(screen));
    const drawn = pty.output().length;
    const [clock] = /\d\d:\d\d:\d\d UTC/.exec(pty.model.text()) ?? [];
    await pty.until((screen) => !screen.includes(clock ?? ''));
    expect(pty.output().slice(drawn)).not.toContain('\u001b[2J');
    expect(pty.output().split('\u001b[2J')).toHaveLength(2);
    pty.type('q');
    await pty.ended;
  });

  it('fits itself to another size', async () => {
    const pty = await open('--interval 200ms');
    await pty.until((screen) => screen.includes('MEMORY'));
    await pty.resize(64, 8);
    await pty.until((screen) => !screen.includes('MEMORY') && screen.split('\n')[7]?.startsWith('q quit') === true);
    for (const line of pty.model.lines()) expect(line.length).toBeLessThanOrEqual(64);
    await pty.resize(130, 16);
    await pty.until((screen) => screen.includes('MEMORY'));
    pty.type('\u0003');
    expect(await pty.ended).toBe(0);
    expectGivenBack(pty);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('gives the terminal back after %s', async (signal) => {
    const pty = await open();
    await pty.until(isUp);
    kill(Number(read('pid')), signal);
    expect(await pty.ended).toBe(130);
    expectGivenBack(pty);
  });

  it('gives it back when it crashes, and the report comes after that', async () => {
    const crash = `data:text/javascript,${encodeURIComponent('process.on("SIGUSR2", () => { throw new TypeError("planted") })')}`;
    const pty = await open('', { env: env({ NODE_OPTIONS: `--import=${crash}` }) });
    await pty.until(isUp);
    kill(Number(read('pid')), 'SIGUSR2');
    expect(await pty.ended).not.toBe(0);
    expectGivenBack(pty);
    expect(pty.output().lastIndexOf('planted')).toBeGreaterThan(pty.output().lastIndexOf('\u001b[?1049l'));
  });

  it('goes to the background and comes back', async () => {
    // A shell with job control: it goes on when its job is stopped, and brings it back at once.
    const jobs = `set -m; ${command('--interval 200ms', 'fg;')}`;
    const pty = await openPty(jobs, { env: env(), columns: 130, rows: 16 });
    await pty.until(isUp);
    pty.type('\u001a');
    await pty.until(() => pty.output().split('\u001b[?1049l').length === 2);
    await pty.until((screen) => pty.output().split('\u001b[?1049h').length === 3 && isUp(screen));
    pty.type('\u001b[B');
    await pty.until((screen) => screen.includes('> shop'));
    pty.type('q');
    expect(await pty.ended).toBe(0);
    expectGivenBack(pty);
  });

  it('keeps what it showed while the agent is away, says so, and goes on with the next agent', async () => {
    const pty = await open('--interval 200ms');
    await pty.until(isUp);
    await home.json('agent', 'stop');
    await pty.until((screen) => screen.includes('no answer since') && screen.includes('shop'));
    await home.json('agent', 'start');
    await pty.until((screen) => !screen.includes('no answer since') && isUp(screen));
    pty.type('q');
    expect(await pty.ended).toBe(0);
  });

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{}, true],
  ])('has colour unless that is not wanted: %o', async (more, isColoured) => {
    const pty = await open('', { env: env(more) });
    await pty.until((screen) => isUp(screen) && screen.includes('> bill'));
    expect(/\u001b\[[0-9;]*[1-9][0-9;]*m/.test(pty.output())).toBe(isColoured);
    pty.type('q');
    expect(await pty.ended).toBe(0);
  });

  it.each([
    ['on a dumb one', '', { TERM: 'dumb' }],
    ['when asked to', '--once', {}],
  ])('prints the table once %s', async (_when, flags, more) => {
    const pty = await open(flags, { env: env(more) });
    expect(await pty.ended).toBe(0);
    expect(pty.output()).not.toContain('\u001b[?1049h');
    expect(pty.model.text()).toMatch(/NAME +PROJECT +STATE[^]*bill[^]*shop[^]*rest/);
  });
});
