import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it, onTestFinished } from 'vitest';

import { createDockerHome } from '../../../../src/lib/drivers/docker/home.ts';
import { LABEL } from '../../../../src/lib/drivers/docker/labels.ts';
import { listInstances } from '../../../../src/lib/drivers/docker/list-instances.ts';
import { watchContainers } from '../../../../src/lib/drivers/docker/watch.ts';
import type { Engine } from '../../../../src/lib/engines/index.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';

type Status = 'created' | 'exited' | 'running' | 'paused';

interface Query {
  readonly filters: { readonly status?: readonly string[] };
}

/** A home on a Docker that keeps to itself what a list has to do with; its events are heard once `hear` was called. */
function createBench(states: Record<string, Status>) {
  const containers = new Map(Object.entries(states));
  const queries: Query[] = [];
  const inspected: string[] = [];
  const events = new PassThrough();
  let onList = (): void => undefined;
  const docker = {
    info: () => ({ SystemTime: '2026-01-15T12:00:00.000000001Z', OperatingSystem: 'Debian', CgroupVersion: '1' }),
    getEvents: () => events,
    listContainers: (query: Query) => {
      queries.push(query);
      onList();
      const { status } = query.filters;
      return [...containers]
        .filter(([, state]) => status?.includes(state) ?? true)
        .map(([Id, State]) => ({ Id, State, Labels: { [LABEL.compute]: `compute-${Id}` } }));
    },
    getContainer: (Id: string) => ({
      inspect: () => {
        inspected.push(Id);
        return {
          Id,
          State: { Status: containers.get(Id), Paused: true },
          Config: { Labels: { [LABEL.compute]: `compute-${Id}` } },
          HostConfig: {},
          NetworkSettings: { Networks: {}, Ports: {} },
        };
      },
    }),
  };
  const ask = async (request: (docker: unknown) => unknown): Promise<unknown> => await request(docker);
  const api = {
    target: () => Promise.resolve({ kind: 'unix', socketPath: '/docker.sock' }),
    run: (_doing: string, _signal: AbortSignal, request: (docker: unknown) => unknown) => ask(request),
    runUnless: (_not: unknown, _doing: string, _signal: AbortSignal, request: (docker: unknown) => unknown) =>
      ask(request),
  };
  const clock = createSimulatedClock();
  const home = createDockerHome(
    { api: api as never, engine: {} as Engine, clock, logger: createSilentLogger() },
    { homeId: 'h', pull: false, platform: 'linux' },
  );
  const { signal } = new AbortController();
  return {
    containers,
    queries,
    inspected,
    clock,
    home,
    list: async () => {
      const instances = await listInstances(home, signal);
      return Object.fromEntries(instances.map(({ computeId, state }) => [computeId, state]));
    },
    /** Something that Docker does while it lists. */
    whileItLists: (run: () => void) => {
      onList = run;
    },
    hear: async () => {
      const ended = new AbortController();
      onTestFinished(() => ended.abort());
      void watchContainers(home, () => undefined, ended.signal);
      await turn();
      expect(home.isWatched).toBe(true);
    },
    tell: async (action: string, Id: string) => {
      const Actor = { ID: Id, Attributes: { [LABEL.compute]: `compute-${Id}` } };
      events.write(`${JSON.stringify({ Action: action, Actor })}\n`);
      await turn();
    },
    lose: async () => {
      events.end();
      await turn();
    },
  };
}

type Bench = ReturnType<typeof createBench>;

const wholeLists = ({ queries }: Bench): number => queries.filter(({ filters }) => filters.status === undefined).length;

describe('the list of a home’s instances', () => {
  it('looks into those that run, and not into those that do not', async () => {
    const bench = createBench({ a: 'exited', b: 'paused', c: 'created' });
    expect(await bench.list()).toEqual({ 'compute-a': 'stopped', 'compute-b': 'frozen', 'compute-c': 'stopped' });
    expect(bench.inspected).toEqual(['b']);
  });

  it('asks for all of them as long as Docker’s events are not heard', async () => {
    const bench = createBench({ a: 'exited' });
    await bench.list();
    await bench.list();
    expect(wholeLists(bench)).toBe(2);
  });

  it('asks only for those that run while Docker’s events are heard, and knows the others', async () => {
    const bench = createBench({ a: 'exited', b: 'paused', c: 'created' });
    await bench.hear();
    const all = await bench.list();
    expect(await bench.list()).toEqual(all);
    expect(wholeLists(bench)).toBe(1);
  });

  it('learns from the events which come, go, start and end', async () => {
    const bench = createBench({ a: 'exited', b: 'paused', c: 'created' });
    await bench.hear();
    await bench.list();
    bench.containers.set('d', 'created').set('b', 'exited').set('c', 'paused').delete('a');
    await bench.tell('create', 'd');
    await bench.tell('die', 'b');
    await bench.tell('start', 'c');
    await bench.tell('destroy', 'a');
    expect(await bench.list()).toEqual({ 'compute-b': 'stopped', 'compute-c': 'frozen', 'compute-d': 'stopped' });
    expect(wholeLists(bench)).toBe(1);
  });

  it('has one that runs already but of which no event was heard yet only once', async () => {
    const bench = createBench({ a: 'exited' });
    await bench.hear();
    await bench.list();
    bench.containers.set('a', 'paused');
    expect(await bench.list()).toEqual({ 'compute-a': 'frozen' });
  });

  it('is not taken for whole when something was heard while it was made', async () => {
    const bench = createBench({ a: 'exited' });
    await bench.hear();
    bench.whileItLists(() => (bench.home.changes += 1));
    await bench.list();
    bench.whileItLists(() => undefined);
    await bench.list();
    await bench.list();
    expect(wholeLists(bench)).toBe(2);
  });

  it('is made anew after ten minutes, and after the events were lost', async () => {
    const bench = createBench({ a: 'exited' });
    await bench.hear();
    await bench.list();
    await bench.clock.advance(10 * 60_000);
    await bench.list();
    expect(wholeLists(bench)).toBe(2);
    await bench.lose();
    expect(bench.home.isWatched).toBe(false);
    await bench.list();
    expect(wholeLists(bench)).toBe(3);
  });
});
