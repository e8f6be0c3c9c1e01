import type { Check } from '../../api/index.ts';
import type { LocalImage } from '../../drivers/index.ts';
import { ok, skipped, warning } from './check.ts';

/** @param images null when Docker cannot be used */
export function checkImages(images: readonly LocalImage[] | null, autoPull: boolean): Check {
  if (images === null) return skipped('images', 'Docker cannot be used');
  if (images.length > 0) return ok('images', images.map((image) => image.reference).join(', '));
  if (autoPull) return ok('images', 'none yet; one is pulled for the first compute');
  return warning('images', 'none, and autoPull is off', 'doze image build mariadb');
}
