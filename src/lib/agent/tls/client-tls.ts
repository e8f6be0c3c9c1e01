import type { AgentSettings } from '../../config/index.ts';
import type { ClientTlsOptions, GatewayService } from '../../gateway/index.ts';
import { readServerCertificate, watchCertificate, type ServerCertificateDeps } from './server-certificate.ts';

export interface ClientTlsDeps extends ServerCertificateDeps {
  readonly settings: ServerCertificateDeps['settings'] & Pick<AgentSettings, 'tls'>;
}

/** What the gateway offers to its clients; null where that is nothing. @throws CONFIG_INVALID, HOME_UNUSABLE */
export function readClientTls(deps: ClientTlsDeps): ClientTlsOptions | null {
  const { tls: mode } = deps.settings;
  return mode === 'off' ? null : { mode, ...readServerCertificate(deps) };
}

export function watchClientTls(
  deps: ClientTlsDeps,
  gateway: Pick<GatewayService, 'renewTls'>,
  first: ClientTlsOptions,
): Disposable {
  const use = {
    whose: 'clients',
    read: () => readClientTls(deps),
    take: (tls: ClientTlsOptions) => gateway.renewTls(tls),
  };
  return watchCertificate(deps, use, first);
}
