import { hostname } from 'node:os';

import type { ApiServer } from '../api/index.ts';
import type { AgentSettings } from '../config/index.ts';
import { expiryMs, fingerprintOf, type Certificate } from './tls/certificate.ts';
import { readServerCertificate, watchCertificate, type ServerCertificateDeps } from './tls/server-certificate.ts';

/** Where other machines find the API. */
export interface RemoteFacts {
  readonly host: string;
  readonly port: number;
  /** As others would type it. */
  readonly url: string;
  /** Of the key that they pin. */
  readonly fingerprint: string;
  readonly certificateExpiresAtMs: number;
}

export interface Remote extends Disposable {
  facts(): RemoteFacts;
}

export interface RemoteDeps extends ServerCertificateDeps {
  readonly settings: ServerCertificateDeps['settings'] & Pick<AgentSettings, 'apiRate'>;
}

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** Opens the API to other machines, where that is set. @throws PORTS_TAKEN, CONFIG_INVALID, HOME_UNUSABLE */
export async function openRemote(deps: RemoteDeps, api: ApiServer): Promise<Remote | null> {
  const { listen, publicHost, apiRate } = deps.settings;
  if (listen === null) return null;
  let used: Certificate = readServerCertificate(deps);
  const listener = await api.listenRemote({ ...listen, ...used, perSecond: apiRate });
  const take = (certificate: Certificate): void => {
    listener.renew(certificate);
    used = certificate;
  };
  const watch = watchCertificate(
    deps,
    { whose: 'other machines', read: () => readServerCertificate(deps), take },
    used,
  );
  return {
    facts: () => ({
      ...listen,
      url: urlOf(publicHost ?? (EVERYWHERE.includes(listen.host) ? hostname() : listen.host), listen.port),
      fingerprint: fingerprintOf(used.certificate),
      certificateExpiresAtMs: expiryMs(used.certificate),
    }),
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

function urlOf(host: string, port: number): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
