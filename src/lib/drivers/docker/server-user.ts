import type { ImageInspectInfo } from 'dockerode';

import { DozeError } from '../../errors/index.ts';
import { SERVER_USER } from './container-options.ts';
import { removeContainer } from './containers.ts';
import type { DockerHome, ServerUser } from './home.ts';
import { homeLabels } from './labels.ts';
import { firstFileOf } from './read-tar.ts';

const PASSWD = '/etc/passwd';

/**
 * Read from the image's own list of users, by way of a container that is never started: runc gives a tmpfs the mode
 * of the directory that it covers but not its owner, so scratch in memory must be told who owns it.
 * @throws IMAGE_UNAVAILABLE when the image has no such user
 */
export async function serverUserOf(
  home: DockerHome,
  image: Pick<ImageInspectInfo, 'Id'>,
  reference: string,
  signal: AbortSignal,
): Promise<ServerUser> {
  const known = home.serverUsers.get(image.Id);
  if (known !== undefined) return known;
  const user = findUser(await readPasswd(home, image.Id, signal), SERVER_USER);
  if (user === null) {
    throw new DozeError('IMAGE_UNAVAILABLE', `image ${reference} has no user "${SERVER_USER}" to run the server as`, {
      hint: `docker run --rm --entrypoint cat ${reference} ${PASSWD}`,
    });
  }
  home.serverUsers.set(image.Id, user);
  return user;
}

/** @param passwd lines such as `mysql:x:999:999::/var/lib/mysql:/usr/sbin/nologin` */
export function findUser(passwd: string, name: string): ServerUser | null {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([first]) => first === name);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null;
}

async function readPasswd(home: DockerHome, imageId: string, signal: AbortSignal): Promise<string> {
  const { api, homeId } = home;
  const doing = 'read the users of an image';
  // One name for an image: what an attempt that was cut short left behind is used and removed by the next.
  const name = `doze-${homeId}-users-${imageId.replace(/^sha256:/, '').slice(0, 12)}`;
  const options = {
    name,
    Image: imageId,
    Entrypoint: ['true'],
    Labels: homeLabels(homeId, 'helper'),
    HostConfig: { NetworkMode: 'none' },
  };
  for (;;) {
    await api.runUnless([409], doing, signal, (docker) => docker.createContainer(options));
    // 404: removed by another one who has just read it.
    const archive = await api.runUnless([404], doing, signal, async (docker) =>
      readAll(await docker.getContainer(name).getArchive({ path: PASSWD })),
    );
    await removeContainer(home, name, doing, signal);
    if (archive !== null) return firstFileOf(archive) ?? '';
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
