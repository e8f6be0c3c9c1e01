import type { StorageCredential, StorageFlavour, StorageKind, StorageService } from '../domain/index.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { createNeonPageServer, createNeonSafekeeper } from './neon.ts';
import { createServerlessPageServer, createServerlessSafekeeper } from './serverless-mariadb.ts';
import type { ServiceClient } from './service-client.ts';

const SURFACES: Readonly<Record<StorageFlavour, Readonly<Record<StorageKind, (http: HttpClient) => ServiceClient>>>> = {
  'serverless-mariadb': { pageServer: createServerlessPageServer, safekeepers: createServerlessSafekeeper },
  neon: { pageServer: createNeonPageServer, safekeepers: createNeonSafekeeper },
};

/** One client an endpoint, with the connection it keeps. */
export interface EndpointClient extends Disposable {
  readonly endpoint: string;
  readonly service: ServiceClient;
}

export function createClients(
  {
    kind,
    flavour,
    endpoints,
    certificateAuthority,
  }: Pick<StorageService, 'kind' | 'flavour' | 'endpoints' | 'certificateAuthority'>,
  credential: StorageCredential | null,
  monotonicMs: () => number,
): EndpointClient[] {
  return endpoints.map((endpoint) => {
    const http = createHttpClient({ origin: endpoint, credential, certificateAuthority, monotonicMs });
    return { endpoint, service: SURFACES[flavour][kind](http), [Symbol.dispose]: () => http.close() };
  });
}
