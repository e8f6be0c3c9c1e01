import type { ImageInspectInfo } from 'dockerode';

import { DozeError } from '../../errors/index.ts';
import type { PrepareRequest, VerbContext } from '../driver.ts';
import { chooseImage } from './choose-image.ts';
import type { DockerHome } from './home.ts';
import { listImages } from './image-list.ts';
import { LABEL } from './labels.ts';
import { officialVersion } from './official-version.ts';
import { pullImage } from './pull-image.ts';

export interface FoundImage {
  readonly id: string;
  readonly reference: string;
  readonly version: string;
}

/**
 * The image for a request: the one asked for, else one that is here already, else the vendor's from the registry.
 * @throws ENGINE_VERSION_UNKNOWN, IMAGE_UNAVAILABLE and what Docker throws
 */
export async function findImage(home: DockerHome, request: PrepareRequest, context: VerbContext): Promise<FoundImage> {
  const { versions } = home.engine;
  if (request.image === null && request.version !== null && !versions.includes(request.version)) {
    throw new DozeError('ENGINE_VERSION_UNKNOWN', `doze does not know MariaDB ${request.version}`, {
      hint: `choose one of ${versions.join(', ')}`,
    });
  }
  const reference = request.image ?? (await chooseReference(home, request.version, context));
  const image = await obtainImage(home, reference, context);
  return { id: image.Id, reference, version: request.version ?? versionOf(image, reference) };
}

/** The image as Docker knows it, pulled if it is not here. @throws VALUE_INVALID, IMAGE_UNAVAILABLE */
export async function obtainImage(
  home: DockerHome,
  reference: string,
  context: VerbContext,
): Promise<ImageInspectInfo> {
  requireReference(reference);
  const here = await inspectImage(home, reference, context.signal);
  if (here !== null) return here;
  if (home.pull && !reference.startsWith('doze/')) {
    await pullImage(home.api, reference, context);
    const pulled = await inspectImage(home, reference, context.signal);
    if (pulled !== null) return pulled;
  }
  throw new DozeError('IMAGE_UNAVAILABLE', `image ${reference} is not on this Docker engine`, {
    hint: 'doze image build mariadb',
  });
}

/** What Docker itself would not even look for. */
function requireReference(reference: string): void {
  if (/^[A-Za-z0-9][\w./:@-]*$/.test(reference)) return;
  throw new DozeError('VALUE_INVALID', `"${reference}" cannot be the name of an image`, {
    hint: 'write it like mariadb:10.11; to see those that are here: doze image list',
  });
}

async function chooseReference(home: DockerHome, version: string | null, { signal }: VerbContext): Promise<string> {
  const { engine } = home;
  const local = await listImages(home.api, signal);
  const chosen = chooseImage(local, engine.name, version === null ? engine.versions : [version]);
  return chosen ?? engine.officialImage(version ?? engine.versions[0] ?? 'latest');
}

function inspectImage(home: DockerHome, reference: string, signal: AbortSignal): Promise<ImageInspectInfo | null> {
  return home.api.runUnless([404], `look for image ${reference}`, signal, (docker) =>
    docker.getImage(reference).inspect(),
  );
}

/** From our label, from the vendor's variable (`MARIADB_VERSION=1:10.11.6+maria~ubu2204`), or from the name. */
function versionOf(image: ImageInspectInfo, reference: string): string {
  // Both are null, not empty, when there is nothing in them.
  const labels = (image.Config.Labels as Record<string, string> | null) ?? {};
  const variables = (image.Config.Env as string[] | null) ?? [];
  const variable = variables.find((text) => text.startsWith('MARIADB_VERSION='));
  const fromVariable = /[=:](\d+\.\d+)\./.exec(variable ?? '')?.[1];
  const version = labels[LABEL.version] ?? fromVariable ?? officialVersion(reference);
  if (version !== null) return version;
  throw new DozeError('VALUE_INVALID', `image ${reference} does not say which version of MariaDB it has`, {
    hint: 'give the version too, with --engine-version',
  });
}
