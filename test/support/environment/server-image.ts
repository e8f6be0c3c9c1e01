import { createDockerImages } from '../../../src/lib/drivers/index.ts';
import { announce } from './announce.ts';
import { installMissing } from './packages.ts';

const BUILD_DEADLINE_MS = 10 * 60_000;

/** The image that the tests' computes run: built by doze itself, as no image can be pulled everywhere. */
export async function ensureServerImage(): Promise<void> {
  const images = createDockerImages(process.env);
  const present = await images.list(AbortSignal.timeout(10_000));
  if (present.some((image) => image.engine === 'mariadb' && image.origin === 'built')) return;

  installMissing([{ program: 'mmdebstrap', debianPackage: 'mmdebstrap', description: 'mmdebstrap' }]);
  const request = { engine: 'mariadb', version: null };
  const built = await images.build(request, { signal: AbortSignal.timeout(BUILD_DEADLINE_MS), onProgress: announce });
  announce(`built image ${built.reference}`);
}
