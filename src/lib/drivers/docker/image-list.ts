import type { ImageInfo } from 'dockerode';

import type { DockerApi } from './docker-api.ts';
import { LABEL } from './labels.ts';
import { officialVersion } from './official-version.ts';

/** An image of a database server that is on the engine already. */
export interface LocalImage {
  readonly id: string;
  readonly reference: string;
  readonly engine: string;
  /** Version line, such as `10.11`. */
  readonly version: string;
  readonly origin: 'built' | 'official';
  readonly sizeBytes: number;
  readonly createdAtMs: number;
}

export async function listImages(api: DockerApi, signal: AbortSignal): Promise<readonly LocalImage[]> {
  const images = await api.run('list images', signal, (docker) => docker.listImages());
  return images.flatMap(describeImage).sort((a, b) => a.reference.localeCompare(b.reference));
}

/** One entry for each name by which the image is a database server's; none for any other image. */
export function describeImage(image: Pick<ImageInfo, 'Id' | 'RepoTags' | 'Labels' | 'Size' | 'Created'>): LocalImage[] {
  // Both fields are null, not empty, when there is nothing in them.
  const tags = (image.RepoTags as string[] | null) ?? [];
  const labels = (image.Labels as Record<string, string> | null) ?? {};
  const facts = { id: image.Id, sizeBytes: image.Size, createdAtMs: image.Created * 1000 };
  return tags.flatMap((reference) => {
    const identity = identify(reference, labels);
    return identity === null ? [] : [{ ...facts, ...identity, reference }];
  });
}

function identify(
  reference: string,
  { [LABEL.engine]: engine, [LABEL.version]: version }: Record<string, string>,
): Pick<LocalImage, 'engine' | 'version' | 'origin'> | null {
  if (engine !== undefined && version !== undefined) return { engine, version, origin: 'built' };
  const official = officialVersion(reference);
  return official === null ? null : { engine: 'mariadb', version: official, origin: 'official' };
}
