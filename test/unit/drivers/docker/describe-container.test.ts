import { describe, expect, it } from 'vitest';

import { describeContainer, type ContainerFacts } from '../../../../src/lib/drivers/docker/describe-container.ts';

const NEVER = '0001-01-01T00:00:00Z';
const DIRECT = { kind: 'direct' } as const;
const ENDPOINT = { host: '172.20.0.2', port: 3306, seenAs: '172.20.0.1', takesClientAddress: false };

function container(state: Partial<ContainerFacts['State']>): ContainerFacts {
  return {
    Id: 'abc',
    State: { Status: 'running', ExitCode: 0, OOMKilled: false, StartedAt: NEVER, FinishedAt: NEVER, ...state },
    Config: { Labels: { 'doze.compute': 'c1' }, Cmd: ['--no-defaults'] },
    NetworkSettings: {
      Networks: { 'doze-h': { IPAddress: '172.20.0.2', Gateway: '172.20.0.1' } },
      Ports: { '3306/tcp': [{ HostIp: '0.0.0.0', HostPort: '49153' }] },
    },
  } as unknown as ContainerFacts;
}

describe('a container as an instance', () => {
  it('runs with an endpoint when the supervisor says so', () => {
    expect(describeContainer(container({}), { state: 'running' }, DIRECT)).toEqual({
      computeId: 'c1',
      state: 'running',
      endpoint: ENDPOINT,
      exit: null,
    });
  });

  it('still counts as running while the server ends', () => {
    expect(describeContainer(container({}), { state: 'ending' }, DIRECT)).toMatchObject({ state: 'running' });
  });

  it('is parked without an endpoint, and tells how the server ended', () => {
    const report = { state: 'parked', code: 0, endedAtMs: 1_700_000_000_000 } as const;
    expect(describeContainer(container({}), report, DIRECT)).toEqual({
      computeId: 'c1',
      state: 'parked',
      endpoint: null,
      exit: { atMs: 1_700_000_000_000, code: 0, isOutOfMemory: false },
    });
  });

  it('is frozen with its endpoint when it is paused', () => {
    expect(describeContainer(container({ Status: 'paused' }), null, DIRECT)).toMatchObject({
      state: 'frozen',
      endpoint: ENDPOINT,
    });
  });

  it('is stopped without an exit when it was only created', () => {
    expect(describeContainer(container({ Status: 'created' }), null, DIRECT)).toEqual({
      computeId: 'c1',
      state: 'stopped',
      endpoint: null,
      exit: null,
    });
  });

  it.each([
    ['a crash', { ExitCode: 139 }, { code: 139, isOutOfMemory: false }],
    ['a kill', { ExitCode: 137 }, { code: 137, isOutOfMemory: false }],
    ['the memory limit on the server', { ExitCode: 97 }, { code: 137, isOutOfMemory: true }],
    ['the memory limit on the supervisor', { ExitCode: 137, OOMKilled: true }, { code: 137, isOutOfMemory: true }],
    ['a clean end after a past shortage', { ExitCode: 0, OOMKilled: true }, { code: 0, isOutOfMemory: false }],
  ])('tells %s from its exit', (_what, state, exit) => {
    const ended = container({ Status: 'exited', FinishedAt: '2026-01-02T03:04:05.678Z', ...state });
    expect(describeContainer(ended, null, DIRECT).exit).toEqual({ atMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678), ...exit });
  });

  it('is reached by the published port on a remote engine', () => {
    const reach = { kind: 'published', host: '10.0.0.9', bindTo: '0.0.0.0' } as const;
    expect(describeContainer(container({}), { state: 'running' }, reach).endpoint).toEqual({
      host: '10.0.0.9',
      port: 49153,
      seenAs: '172.20.0.1',
      takesClientAddress: false,
    });
  });

  it.each([
    [DIRECT, true],
    [{ kind: 'published', host: '127.0.0.1', bindTo: '127.0.0.1' }, true],
    // Who knows under which address a server elsewhere sees us, and whether it trusts that.
    [{ kind: 'published', host: '10.0.0.9', bindTo: '0.0.0.0' }, false],
  ] as const)("takes clients' addresses, reached %o: %s", (reach, expected) => {
    const taking = container({});
    const Config = { ...taking.Config, Cmd: ['--no-defaults', '--proxy-protocol-networks=127.0.0.0/8'] };
    expect(describeContainer({ ...taking, Config }, { state: 'running' }, reach).endpoint?.takesClientAddress).toBe(
      expected,
    );
  });
});
