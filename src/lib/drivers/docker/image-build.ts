import type { Readable } from 'node:stream';

import { DozeError } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import { BUILDABLE_VERSIONS, chooseSuite, sourcesFor } from './debian-sources.ts';
import type { DockerApi } from './docker-api.ts';
import { streamedError } from './docker-errors.ts';
import { readHostSystem } from './host-system.ts';
import { readJsonLines } from './json-lines.ts';
import { LABEL } from './labels.ts';
import { bootstrap } from './mmdebstrap.ts';

export interface BuildRequest {
  readonly engine: string;
  /** Version line; null takes the one of the host's own Debian. */
  readonly version: string | null;
  /** Builds anew although there is one already: for security updates. Default false. */
  readonly isRefresh?: boolean;
}

/**
 * Makes an image from Debian's packages, for where none can be pulled. About half a minute; at once when there is
 * one already.
 * @returns the reference of the image, such as `doze/mariadb:10.11`
 * @throws ENGINE_UNKNOWN, ENGINE_VERSION_UNKNOWN, IMAGE_BUILD_FAILED and what Docker throws
 */
export async function buildImage(api: DockerApi, request: BuildRequest, context: VerbContext): Promise<string> {
  if (request.engine !== 'mariadb') {
    throw new DozeError('ENGINE_UNKNOWN', `doze cannot build images of "${request.engine}"`, {
      hint: 'doze image build mariadb',
    });
  }
  const host = await readHostSystem();
  const choice = chooseSuite(request.version, host);
  if (choice === null) {
    throw new DozeError('ENGINE_VERSION_UNKNOWN', `Debian has no MariaDB ${request.version ?? ''}`, {
      hint: `choose one of ${BUILDABLE_VERSIONS.join(', ')}`,
    });
  }
  const reference = builtReference(request.engine, choice.version);
  const previousId = await idOf(api, reference, context.signal);
  if (previousId !== null && request.isRefresh !== true) {
    context.onProgress(`${reference} is there already`);
    return reference;
  }
  context.onProgress(`building ${reference} from Debian ${choice.suite}`);
  const labels = { [LABEL.engine]: request.engine, [LABEL.version]: choice.version };
  const consume = (tar: Readable): Promise<string> => importTar(api, tar, labels, context);
  const id = await bootstrap(choice, sourcesFor(choice.suite, host), consume, context);
  await tag(api, id, reference, context.signal);
  if (previousId !== null && previousId !== id) await removeUnused(api, previousId, context.signal);
  return reference;
}

function builtReference(engine: string, version: string): string {
  return `doze/${engine}:${version}`;
}

async function importTar(
  api: DockerApi,
  tar: Readable,
  labels: Record<string, string>,
  { signal, onProgress }: VerbContext,
): Promise<string> {
  const doing = 'import the image that was built';
  const changes = ['USER mysql', ...Object.entries(labels).map(([key, value]) => `LABEL ${key}="${value}"`)];
  onProgress('importing the image');
  const answer = await api.run(doing, signal, (docker) => docker.importImage(tar, { changes }));
  for await (const line of readJsonLines(answer as Readable)) {
    if (typeof line['error'] === 'string') throw streamedError(line['error'], doing);
    if (typeof line['status'] === 'string' && line['status'].startsWith('sha256:')) return line['status'];
  }
  throw new DozeError('DOCKER_FAILED', `could not ${doing}: Docker named no image`);
}

async function idOf(api: DockerApi, reference: string, signal: AbortSignal): Promise<string | null> {
  const image = await api.runUnless([404], `look for image ${reference}`, signal, (docker) =>
    docker.getImage(reference).inspect(),
  );
  return image?.Id ?? null;
}

async function tag(api: DockerApi, id: string, reference: string, signal: AbortSignal): Promise<void> {
  const [repo = '', name = ''] = reference.split(':');
  await api.run(`tag image ${reference}`, signal, (docker) => docker.getImage(id).tag({ repo, tag: name }));
}

/** 409: a container still uses it; Docker's own pruning gets it later. */
async function removeUnused(api: DockerApi, id: string, signal: AbortSignal): Promise<void> {
  await api.runUnless([404, 409], 'remove the previous image', signal, (docker) => docker.getImage(id).remove());
}
