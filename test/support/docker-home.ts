import { randomBytes } from 'node:crypto';

import Dockerode from 'dockerode';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createDockerDriver, type Driver } from '../../src/lib/drivers/index.ts';
import { createMariaDbEngine, type Engine } from '../../src/lib/engines/index.ts';

/** A home of its own on the Docker engine, and hands to act behind the driver's back. */
export interface DockerTestHome extends AsyncDisposable {
  readonly homeId: string;
  readonly docker: Dockerode;
  readonly engine: Engine;
  openDriver(): Driver;
  container(computeId: string): Promise<Dockerode.Container>;
  /** Runs a command in the compute's container as its user. @returns what it wrote */
  exec(computeId: string, command: readonly string[]): Promise<string>;
  /** SIGKILL for the server; resolves when its container has ended. */
  killServer(computeId: string): Promise<void>;
}

export function createDockerTestHome(engine?: Engine): DockerTestHome {
  const clock = createSystemClock();
  const homeId = `t${randomBytes(4).toString('hex')}`;
  const docker = new Dockerode();
  const labels = (...more: string[]) => ({ filters: { label: [`doze.home=${homeId}`, ...more] } });
  const used = engine ?? createMariaDbEngine({ clock });

  const container: DockerTestHome['container'] = async (computeId) => {
    const [found] = await docker.listContainers({ all: true, ...labels(`doze.compute=${computeId}`) });
    if (found === undefined) throw new TypeError(`${computeId} has no container`);
    return docker.getContainer(found.Id);
  };

  const exec: DockerTestHome['exec'] = async (computeId, command) => {
    const target = await container(computeId);
    const run = await target.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
    const stream = await run.start({ Tty: true });
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return text;
  };

  return {
    homeId,
    docker,
    engine: used,
    container,
    exec,
    openDriver: () =>
      createDockerDriver(
        { engine: used, clock },
        // How fast this machine's swap is says nothing of the code.
        { homeId, environment: process.env, pull: false, platform: process.platform, slowestSwapBytesPerSecond: 0 },
      ),
    async killServer(computeId) {
      const target = await container(computeId);
      const ended = target.wait();
      await exec(computeId, ['/bin/sh', '-c', 'kill -KILL $(cat /tmp/mysqld.pid)']);
      await ended;
    },
    [Symbol.asyncDispose]: () => cleanDockerHome(docker, homeId),
  };
}

/** Removes everything that carries the home's label. */
export async function cleanDockerHome(docker: Dockerode, homeId: string): Promise<void> {
  const labels = { filters: { label: [`doze.home=${homeId}`] } };
  for (const { Id } of await docker.listContainers({ all: true, ...labels })) {
    await docker.getContainer(Id).remove({ force: true });
  }
  for (const { Name } of (await docker.listVolumes(labels)).Volumes) await docker.getVolume(Name).remove();
  for (const { Id } of await docker.listNetworks(labels)) await docker.getNetwork(Id).remove();
}
