import type { ServerIdentity } from '../../x509/index.ts';
import type { InstanceId } from '../driver.ts';
import { DATA_PATH, IDENTITY_FILE } from './container-options.ts';
import type { DockerHome } from './home.ts';
import { tarOf } from './write-tar.ts';

/** For the server's user, whose number the image has. Nobody else is in the container, and its volume is root's. */
const MODE = 0o444;

/**
 * Puts beside the data what the supervisor has a server speak TLS with, from its next start on; it stays there, for this
 * container and those after it. A container that is gone, or was made before its supervisor knew of it, goes without.
 *
 * | the compute              | is known to have | its volume gets                        |
 * | ------------------------ | ---------------- | -------------------------------------- |
 * | needs an identity        | that one         | nothing: no request at all             |
 * | needs an identity        | none, or who knows | it: 5 ms of one wake                 |
 * | needs none any more      | one              | an empty file, with the same effect as none |
 * | needs none               | none, or who knows | nothing: who never had one pays nothing |
 *
 * What is known goes with the agent; the worst that comes of it is a server that speaks a TLS which nobody asks for.
 */
export async function giveIdentity(
  home: DockerHome,
  { computeId, identity }: { readonly computeId: InstanceId; readonly identity: ServerIdentity | null },
  containerId: string,
  doing: string,
  signal: AbortSignal,
): Promise<void> {
  const given = home.identities.get(computeId) ?? null;
  if (given === (identity?.certificate ?? null)) return;
  const pem = identity === null ? '' : `${identity.certificate}${identity.key}`;
  const answer = await home.api.runUnless([404], doing, signal, async (docker) => {
    await docker.getContainer(containerId).putArchive(tarOf(IDENTITY_FILE, pem, MODE), { path: DATA_PATH });
    return 'put' as const;
  });
  if (answer === null || identity === null) home.identities.delete(computeId);
  else home.identities.set(computeId, identity.certificate);
}
