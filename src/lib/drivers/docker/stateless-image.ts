import { DozeError, hasCode } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import { obtainImage } from './find-image.ts';
import type { DockerHome } from './home.ts';

export interface StatelessImage {
  readonly Id: string;
  readonly reference: string;
}

/**
 * The image of a compute that keeps nothing, pulled if it is not here and that is allowed. There is no such image to
 * fall back on: it is asked for by name. @throws IMAGE_UNAVAILABLE
 */
export async function findStatelessImage(
  home: DockerHome,
  reference: string | null,
  context: VerbContext,
): Promise<StatelessImage> {
  if (reference === null) {
    throw new DozeError('IMAGE_UNAVAILABLE', 'a compute on a Page Server needs an image, and none was named', {
      hint: 'name it with --image',
    });
  }
  try {
    return { Id: (await obtainImage(home, reference, context)).Id, reference };
  } catch (error) {
    if (!hasCode(error, 'IMAGE_UNAVAILABLE')) throw error;
    throw new DozeError('IMAGE_UNAVAILABLE', error.message, { hint: `docker pull ${reference}`, cause: error });
  }
}

/** The tag, as only the image itself could say more: `example/compute:1.2` is 1.2. */
export function versionInName(reference: string): string {
  return /:([^/:]+)$/.exec(reference.replace(/@.*$/, ''))?.[1] ?? 'unknown';
}
