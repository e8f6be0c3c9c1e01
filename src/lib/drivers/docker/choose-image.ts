import type { LocalImage } from './image-list.ts';

type Candidate = Pick<LocalImage, 'reference' | 'engine' | 'version' | 'origin'>;

/** Of the images here: one we built before the vendor's, then by the order of `versions`; null if there is none. */
export function chooseImage(images: readonly Candidate[], engine: string, versions: readonly string[]): string | null {
  for (const origin of ['built', 'official'] as const) {
    for (const version of versions) {
      const found = images.find((image) => image.engine === engine && image.origin === origin && image.version === version);
      if (found !== undefined) return found.reference;
    }
  }
  return null;
}

/** The version line of a reference to the vendor's image: `mariadb:10.11.6-jammy` is 10.11; null for other images. */
export function officialVersion(reference: string): string | null {
  return /^(?:docker\.io\/)?(?:library\/)?mariadb:(\d+\.\d+)/.exec(reference)?.[1] ?? null;
}
