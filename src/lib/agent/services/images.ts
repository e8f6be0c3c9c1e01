import { isoTime, type AgentServices, type ImageView } from '../../api/index.ts';
import { createDeadline } from '../../clock.ts';
import type { LocalImage } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { AgentCore } from '../running.ts';

const BUILD_TIMEOUT_MS = 15 * 60_000;

export function createImageServices(core: AgentCore): AgentServices['images'] {
  return {
    async list(signal) {
      const { images } = await core.running;
      return (await images.list(signal)).map(imageView);
    },
    async build({ engine, version, refresh }, onProgress) {
      const { images } = await core.running;
      using deadline = createDeadline(BUILD_TIMEOUT_MS, tooSlow);
      const request = { engine, version: version ?? null, isRefresh: refresh ?? false };
      return imageView(await images.build(request, { signal: deadline.signal, onProgress }));
    },
  };
}

function imageView({ reference, engine, version, origin, sizeBytes, createdAtMs }: LocalImage): ImageView {
  return { reference, engine, version, origin, sizeBytes, createdAt: isoTime(createdAtMs) };
}

function tooSlow(): DozeError {
  return new DozeError('TIMED_OUT', `building the image took more than ${BUILD_TIMEOUT_MS / 60_000} min`);
}
