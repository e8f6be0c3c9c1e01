import type { ContainerInspectInfo } from 'dockerode';
import { describe, expect, it } from 'vitest';

import { untilAborted } from '../../../../src/lib/clock.ts';
import { inspectContainer } from '../../../../src/lib/drivers/docker/containers.ts';
import type { DockerApi } from '../../../../src/lib/drivers/docker/docker-api.ts';
import { freezeContainer, thawContainer } from '../../../../src/lib/drivers/docker/freezing.ts';
import { createDockerHome, type DockerHome } from '../../../../src/lib/drivers/docker/home.ts';
import { createMariaDbEngine } from '../../../../src/lib/engines/index.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { createSimulatedClock, type SimulatedClock } from '../../../support/simulated-clock.ts';

const SIGNAL = new AbortController().signal;

describe('what Docker says of a container that was just frozen or thawed', () => {
  it('is not believed while it is the contrary of what Docker has done', async () => {
    const { home, clock, say } = setUp();
    const container = say('paused');
    await freezeContainer(home, container, 'freeze', SIGNAL);
    await thawContainer(home, container, 'thaw', SIGNAL);

    const looked = inspectContainer(home, 'c1', SIGNAL);
    await clock.advance(100);
    say('running');
    await clock.advance(5);
    expect((await looked)?.State.Status).toBe('running');
  });

  it('is not believed either when Docker takes a frozen one for running', async () => {
    const { home, clock, say } = setUp();
    await freezeContainer(home, say('running'), 'freeze', SIGNAL);
    const looked = inspectContainer(home, 'c1', SIGNAL);
    await clock.advance(100);
    say('paused');
    await clock.advance(5);
    expect((await looked)?.State.Status).toBe('paused');
  });

  it('is believed once somebody else must have done it', async () => {
    const { home, clock, say } = setUp();
    await thawContainer(home, say('paused'), 'thaw', SIGNAL);
    const looked = inspectContainer(home, 'c1', SIGNAL);
    await clock.advance(3000);
    expect((await looked)?.State.Status).toBe('paused');
  });

  it.each(['exited', 'dead', 'created'])('is believed at once when it is "%s"', async (status) => {
    const { home, say } = setUp();
    await thawContainer(home, say('paused'), 'thaw', SIGNAL);
    say(status);
    expect((await inspectContainer(home, 'c1', SIGNAL))?.State.Status).toBe(status);
  });

  it('is believed at once when the order was called off', async () => {
    const { home, say } = setUp();
    await freezeContainer(home, say('running'), 'freeze', SIGNAL);
    await thawContainer(home, say('paused'), 'thaw', AbortSignal.abort()).catch(() => null);
    say('running');
    expect((await inspectContainer(home, 'c1', SIGNAL))?.State.Status).toBe('running');
  });

  it('is believed at once when the order was refused', async () => {
    const { home, clock, say, refuse } = setUp();
    refuse();
    const thawed = thawContainer(home, say('paused'), 'thaw', SIGNAL);
    for (let tries = 0; tries < 20; tries += 1) await clock.advance(100);
    expect(await thawed).toBe(false);
    expect((await inspectContainer(home, 'c1', SIGNAL))?.State.Status).toBe('paused');
  });
});

describe('a thaw', () => {
  it('that an order which was called off has done already has to be looked at again', async () => {
    const { home, say, failThaws } = setUp();
    const stale = say('paused');
    say('running');
    failThaws(99);
    expect(await thawContainer(home, stale, 'thaw', SIGNAL)).toBe(false);
  });

  it('that the runtime could not do is tried again', async () => {
    const { home, clock, say, failThaws } = setUp();
    failThaws(3);
    const thawed = thawContainer(home, say('paused'), 'thaw', SIGNAL);
    for (let tries = 0; tries < 20; tries += 1) await clock.advance(100);
    expect(await thawed).toBe(true);
  });

  it('that is refused for good fails', async () => {
    const { home, clock, say, failThaws } = setUp();
    failThaws(99);
    const thawed = expect(thawContainer(home, say('paused'), 'thaw', SIGNAL)).rejects.toThrow('is not paused');
    for (let tries = 0; tries < 20; tries += 1) await clock.advance(100);
    await thawed;
  });

  it('that was called off is waited for by whoever looks next', async () => {
    const { home, clock, say, holdThaws } = setUp();
    const release = holdThaws();
    const calledOff = new AbortController();
    const thawed = thawContainer(home, say('paused'), 'thaw', calledOff.signal).catch(() => 'called off');
    await clock.advance(1);
    calledOff.abort();
    expect(await thawed).toBe('called off');
    const looked = inspectContainer(home, 'c1', SIGNAL);
    await clock.advance(1);
    say('running');
    release();
    expect((await looked)?.State.Status).toBe('running');
  });
});

describe('a freeze', () => {
  it('that the kernel was too busy for is tried again', async () => {
    const { home, clock, say, failPauses } = setUp();
    failPauses(3);
    const frozen = freezeContainer(home, say('running'), 'freeze', SIGNAL);
    for (let tries = 0; tries < 20; tries += 1) await clock.advance(100);
    await frozen;
    expect(home.freezes.get('c1')?.status).toBe('paused');
  });

  it('that is refused for good fails', async () => {
    const { home, clock, say, failPauses } = setUp();
    failPauses(99);
    const frozen = expect(freezeContainer(home, say('running'), 'freeze', SIGNAL)).rejects.toThrow('unable to freeze');
    for (let tries = 0; tries < 20; tries += 1) await clock.advance(100);
    await frozen;
    expect(home.freezes.has('c1')).toBe(false);
  });
});

interface Stage {
  readonly home: DockerHome;
  readonly clock: SimulatedClock;
  /** From now on Docker says that the container has this status. */
  say(status: string): ContainerInspectInfo;
  /** Docker refuses to thaw. */
  refuse(): void;
  /** Docker fails the next so many freezes. */
  failPauses(times: number): void;
  /** Docker fails the next so many thaws. */
  failThaws(times: number): void;
  /** Docker takes its time for a thaw, until released. */
  holdThaws(): () => void;
}

function setUp(): Stage {
  const clock = createSimulatedClock();
  let container = containerThatIs('running');
  let isRefused = false;
  let pausesToFail = 0;
  let thawsToFail = 0;
  let held: Promise<void> = Promise.resolve();
  const docker = {
    getContainer: () => ({
      inspect: () => Promise.resolve(container),
      pause: () => (pausesToFail-- > 0 ? Promise.reject(new TypeError('unable to freeze')) : Promise.resolve()),
      unpause: () => (thawsToFail-- > 0 ? Promise.reject(new TypeError('c1 is not paused')) : held),
    }),
  };
  const api = {
    run: (_doing: string, _signal: AbortSignal, request: (client: unknown) => unknown) => request(docker),
    runUnless: (statuses: number[], _doing: string, signal: AbortSignal, request: (client: unknown) => unknown) => {
      if (signal.aborted) return Promise.reject(new DOMException('called off', 'AbortError'));
      if (isRefused && statuses.includes(409)) return Promise.resolve(null);
      return untilAborted(Promise.resolve(request(docker)), signal).catch((error: unknown) => {
        if (statuses.includes(500) && error instanceof TypeError) return null;
        throw error;
      });
    },
  } as unknown as DockerApi;
  const engine = createMariaDbEngine({ clock });
  const home = createDockerHome(
    { api, engine, clock, logger: createSilentLogger() },
    { homeId: 'h1', pull: false, platform: 'linux' },
  );
  return {
    home,
    clock,
    say: (status) => (container = containerThatIs(status)),
    refuse: () => void (isRefused = true),
    failPauses: (times) => void (pausesToFail = times),
    failThaws: (times) => void (thawsToFail = times),
    holdThaws: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
}

function containerThatIs(status: string): ContainerInspectInfo {
  return { Id: 'c1', State: { Status: status }, HostConfig: {} } as ContainerInspectInfo;
}
