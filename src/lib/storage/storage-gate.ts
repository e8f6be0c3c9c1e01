import { untilAborted, type Clock } from '../clock.ts';
import { canServe, type StorageFinding, type StorageHealth } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { ServiceWatch } from './service-watch.ts';

/** Lets a compute start only onto storage that can serve it. */
export interface StorageGate {
  /**
   * Returns at once where the last look is fresh and good; else looks now, and again until it is good or the
   * caller's patience ends.
   * @throws STORAGE_UNAVAILABLE with the endpoint and the reason, the signal's reason
   */
  pass(needed: readonly ServiceWatch[], patienceMs: number, signal: AbortSignal): Promise<void>;
}

const RETRY_MS = 250;

export function createStorageGate(clock: Clock): StorageGate {
  return {
    pass: async (needed, patienceMs, signal) => {
      const beganMs = clock.monotonicMs();
      for (;;) {
        const refused = needed.filter((service) => !isFreshAndGood(service, clock));
        if (refused.length === 0) return;
        const looked = await untilAborted(Promise.all(refused.map((service) => lookAgain(service))), signal);
        const bad = looked.find(({ isGood }) => !isGood);
        if (bad === undefined) return;
        if (clock.monotonicMs() - beganMs >= patienceMs) throw unavailable(bad.service, bad.health);
        await clock.sleep(RETRY_MS, signal);
      }
    },
  };
}

/** A look that is not older than the next one would be is as good as asking now. */
function isFreshAndGood(service: ServiceWatch, clock: Clock): boolean {
  const last = service.lastLook();
  if (last === null || !canServe(last.judgement.verdict) || !canServe(service.health().verdict)) return false;
  const { intervalMs, deadlineMs } = service.service;
  return clock.monotonicMs() - last.endedMs <= 1.1 * intervalMs + deadlineMs;
}

async function lookAgain(
  service: ServiceWatch,
): Promise<{ readonly service: ServiceWatch; readonly health: StorageHealth; readonly isGood: boolean }> {
  const health = await service.look();
  const last = service.lastLook();
  return { service, health, isGood: last !== null && canServe(last.judgement.verdict) };
}

function unavailable({ service }: ServiceWatch, { findings }: StorageHealth): DozeError {
  const [worst] = findings;
  // What is wrong with a group as a whole comes of one of its replicas: say whom to look at.
  const cause = worst?.endpoint === null ? findings.find(({ endpoint }) => endpoint !== null) : undefined;
  const what = service.kind === 'pageServer' ? 'the Page Server' : 'the Safekeepers';
  const why = cause === undefined ? describe(worst) : `${describe(worst)}; ${describe(cause)}`;
  return new DozeError('STORAGE_UNAVAILABLE', `${what} "${service.name}" cannot serve it: ${why}`, {
    hint: `doze storage status ${service.name}`,
    details: {
      service: service.name,
      endpoint: worst?.endpoint ?? cause?.endpoint ?? null,
      finding: worst?.code ?? null,
    },
  });
}

function describe(finding: StorageFinding | undefined): string {
  if (finding === undefined) return 'nothing is known of it';
  return finding.endpoint === null ? finding.message : `${finding.endpoint} ${finding.message}`;
}
