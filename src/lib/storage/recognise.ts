import type { Clock } from '../clock.ts';
import {
  STORAGE_FLAVOURS,
  STORAGE_KINDS,
  type StorageCredential,
  type StorageFlavour,
  type StorageKind,
  type StorageService,
} from '../domain/index.ts';
import { createClients } from './create-clients.ts';
import { lookAt } from './look.ts';

export interface Recognised {
  readonly flavour: StorageFlavour;
  readonly kind: StorageKind;
}

/** What an endpoint really is, by trying what there is; null if it is none of it. */
export async function recognise(
  clock: Clock,
  service: StorageService,
  endpoint: string,
  credential: StorageCredential | null,
  signal: AbortSignal,
): Promise<Recognised | null> {
  for (const flavour of STORAGE_FLAVOURS) {
    for (const kind of STORAGE_KINDS) {
      if (flavour === service.flavour && kind === service.kind) continue;
      const candidate = { ...service, flavour, kind, endpoints: [endpoint] };
      for (const client of createClients(candidate, credential, () => clock.monotonicMs())) {
        using _client = client;
        const { outcome } = await lookAt(clock, client, service.deadlineMs, signal);
        if (outcome.kind === 'answered') return { flavour, kind };
      }
    }
  }
  return null;
}

/** For people: `a Safekeeper of serverless-mariadb`. */
export function describeService({ flavour, kind }: Recognised): string {
  return `a ${kind === 'pageServer' ? 'Page Server' : 'Safekeeper'} of ${flavour}`;
}
