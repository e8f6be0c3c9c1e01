import type { LocalImage } from './image-list.ts';

type Candidate = Pick<LocalImage, 'reference' | 'engine' | 'version' | 'origin'>;

/** Of the images here: one we built before the vendor's, then by the order of `versions`; null if there is none. */
export function chooseImage(images: readonly Candidate[], engine: string, versions: readonly string[]): string | null {
  for (const origin of ['built', 'official'] as const) {
    for (const version of versions) {
      const found = images.find(
        (image) => image.engine === engine && image.origin === origin && image.version === version,
      );
      if (found !== undefined) return found.reference;
    }
  }
  return null;
}
