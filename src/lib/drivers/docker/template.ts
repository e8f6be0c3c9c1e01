import { createHash, randomBytes } from 'node:crypto';

import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';

import { DozeError } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import { DATA_PATH, SERVER_USER } from './container-options.ts';
import { inspectContainer, removeContainer, removeVolume } from './containers.ts';
import { readFrames } from './frames.ts';
import type { DockerHome } from './home.ts';
import { LABEL } from './labels.ts';

const DOING = 'prepare the data template';

/**
 * The volume with an initialised data directory for an image, made once per image and Docker engine, and shared by
 * all homes on it. The container that made it stays, ended, and is the record: its name lets only one be made at a
 * time, its exit code 0 says that the template is whole, and its mount keeps the volume from being pruned. Each
 * attempt has a volume of its own, so that nobody ever mounts a half-made one.
 * @throws IMAGE_UNAVAILABLE when the image cannot make one, and what Docker throws
 */
export async function ensureTemplate(home: DockerHome, imageId: string, context: VerbContext): Promise<string> {
  const name = templateName(imageId, home.engine.templateScript);
  const { signal } = context;
  for (let isOurs = false; ;) {
    const container = await inspectContainer(home, name, signal);
    if (container === null) {
      isOurs = await createInitialiser(home, name, imageId, signal);
      if (isOurs) context.onProgress('initialising a database as template for this image');
    } else if (container.State.Status === 'exited' && container.State.ExitCode === 0) {
      return volumeOf(container);
    } else if (container.State.Status === 'exited' || container.State.Status === 'dead') {
      const failure = isOurs ? await failureOf(home, container, imageId, signal) : null;
      await discard(home, container, signal);
      if (failure !== null) throw failure;
    } else {
      await finish(home, container, signal);
    }
  }
}

/** The script is part of the name: a doze that initialises otherwise makes a template of its own. */
export function templateName(imageId: string, script: string): string {
  const version = createHash('sha256').update(script).digest('hex').slice(0, 8);
  return `doze-template-${imageId.replace(/^sha256:/, '').slice(0, 12)}-${version}`;
}

/** @returns false when another one has just made it */
async function createInitialiser(
  home: DockerHome,
  name: string,
  imageId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const volume = `${name}-${randomBytes(3).toString('hex')}`;
  const options = initialiserOptions(home, name, imageId, volume);
  const created = await home.api.runUnless([409], DOING, signal, (docker) => docker.createContainer(options));
  return created !== null;
}

function initialiserOptions(
  home: DockerHome,
  name: string,
  image: string,
  volume: string,
): ContainerCreateOptions & { name: string } {
  const { engine } = home;
  const labels = { [LABEL.role]: 'template', [LABEL.engine]: engine.name };
  const findServer = `for name in ${engine.serverBinaries.join(' ')}; do SERVER=$(command -v "$name") && break; done; export SERVER`;
  return {
    name,
    Image: image,
    User: SERVER_USER,
    Entrypoint: ['/bin/sh', '-c', `${findServer}\n${engine.templateScript}`],
    Cmd: [],
    Env: [`DATADIR=${DATA_PATH}/data`, 'TMPDIR=/tmp'],
    Labels: labels,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'mode=1777,size=256m' },
      Mounts: [
        {
          Type: 'volume',
          Source: volume,
          Target: DATA_PATH,
          VolumeOptions: { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
        },
      ],
    },
  };
}

/** Starting is repeated, as whoever made it may have died before; 404: it was found to have failed and removed. */
async function finish(home: DockerHome, { Id: id }: ContainerInspectInfo, signal: AbortSignal): Promise<void> {
  await home.api.runUnless([304, 404], DOING, signal, (docker) => docker.getContainer(id).start());
  await home.api.runUnless([404], DOING, signal, (docker) => docker.getContainer(id).wait());
}

function volumeOf(container: ContainerInspectInfo): string {
  return container.Mounts.find(({ Destination: path }) => path === DATA_PATH)?.Name ?? '';
}

async function discard(home: DockerHome, container: ContainerInspectInfo, signal: AbortSignal): Promise<void> {
  await removeContainer(home, container.Id, DOING, signal);
  await removeVolume(home, volumeOf(container), DOING, signal);
}

async function failureOf(
  home: DockerHome,
  container: ContainerInspectInfo,
  imageId: string,
  signal: AbortSignal,
): Promise<DozeError> {
  const output = await home.api.run(DOING, signal, (docker) =>
    docker.getContainer(container.Id).logs({ stdout: true, stderr: true, follow: false, tail: 20 }),
  );
  const lines: string[] = [];
  for await (const { bytes } of readFrames(one(output))) lines.push(bytes.toString('utf8').trimEnd());
  const reason = lines.at(-1) ?? `it ended with code ${container.State.ExitCode}`;
  return new DozeError('IMAGE_UNAVAILABLE', `image ${imageId.slice(0, 19)} cannot initialise a database: ${reason}`, {
    hint: 'doze image build mariadb',
    details: { log: lines },
  });
}

async function* one(buffer: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(buffer);
}
