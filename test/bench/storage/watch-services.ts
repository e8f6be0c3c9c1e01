import { createSystemClock } from '../../../src/lib/clock.ts';
import type { StorageService } from '../../../src/lib/domain/index.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createStorageWatch } from '../../../src/lib/storage/index.ts';
import { printOwnCpu, type CpuRequest } from './own-cpu.ts';

/** A process that does nothing but watch, so that its CPU is that of watching. */
export interface WatchRequest extends CpuRequest {
  readonly services: readonly StorageService[];
}

const request = JSON.parse(process.argv[2] ?? '') as WatchRequest;
const watch = createStorageWatch({
  clock: createSystemClock(),
  logger: createSilentLogger(),
  random: Math.random,
  onChange: () => undefined,
});
for (const service of request.services) watch.watch(service, null);
await printOwnCpu(request);
const verdicts = watch.list().map((service) => service.health().verdict);
await watch.close();
// Figures of a tier that was not well would be those of something else.
if (verdicts.some((verdict) => verdict !== 'healthy')) throw new Error(`watched: ${verdicts.join(', ')}`);
