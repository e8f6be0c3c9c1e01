import { STORAGE_DEFAULTS, type StorageKind, type StorageService } from '../../../src/lib/domain/index.ts';

export interface ServiceChoices {
  readonly intervalMs?: number;
  /** Of a Page Server: the group that it follows. */
  readonly safekeepers?: string;
}

/** As it is registered when nothing else is asked for. */
export function describeService(
  kind: StorageKind,
  name: string,
  endpoints: readonly string[],
  { intervalMs = STORAGE_DEFAULTS.intervalMs, safekeepers }: ServiceChoices = {},
): StorageService {
  return {
    ...STORAGE_DEFAULTS,
    id: name,
    name,
    kind,
    flavour: 'serverless-mariadb',
    endpoints,
    safekeepers: safekeepers ?? null,
    certificateAuthority: null,
    hasCredential: false,
    intervalMs,
    addedAtMs: 0,
  };
}
