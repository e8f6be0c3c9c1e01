import { hostname } from 'node:os';

import type { Clock } from '../../clock.ts';
import type { AgentSettings, DozePaths } from '../../config/index.ts';
import { toDozeError } from '../../errors/index.ts';
import type { ClientTlsOptions, GatewayService } from '../../gateway/index.ts';
import type { Logger } from '../../logger.ts';
import { expiryMs } from './certificate.ts';
import { readGivenCertificate } from './given-certificate.ts';
import { keepOwnCertificate, type OwnCertificateOptions } from './own-certificate.ts';

type TlsSettings = Pick<AgentSettings, 'tls' | 'tlsCert' | 'tlsKey' | 'gatewayHost'>;

export interface ClientTlsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: TlsSettings;
  readonly paths: Pick<DozePaths, 'certificateFile' | 'keyFile'>;
}

const HOUR_MS = 3_600_000;
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** What the gateway offers to its clients: the certificate that is given, or else the home's own. @throws CONFIG_INVALID, HOME_UNUSABLE */
export function readClientTls({ clock, settings, paths }: ClientTlsDeps): ClientTlsOptions | null {
  const { tls: mode, tlsCert, tlsKey, gatewayHost } = settings;
  if (mode === 'off') return null;
  const given = readGivenCertificate({ certificate: tlsCert, key: tlsKey });
  return { mode, ...(given ?? keepOwnCertificate(clock, { ...paths, ...namesOf(gatewayHost, hostname()) })) };
}

/**
 * Takes up a certificate that was renewed, its own or one given, within an hour, for clients that come from then on. One
 * that cannot be used is reported, and the one before stays.
 */
export function watchClientTls(
  deps: ClientTlsDeps,
  gateway: Pick<GatewayService, 'renewTls'>,
  first: ClientTlsOptions,
): Disposable {
  const { clock, logger } = deps;
  let used = first;
  const look = async (): Promise<void> => {
    try {
      const now = readClientTls(deps);
      if (now !== null && (now.certificate !== used.certificate || now.key !== used.key)) {
        await gateway.renewTls(now);
        used = now;
        logger.info(
          { expiresAt: new Date(expiryMs(now.certificate)).toISOString() },
          'clients get another certificate',
        );
      }
      if (expiryMs(used.certificate) <= clock.wallMs()) logger.warn({}, 'the certificate for clients has expired');
    } catch (error) {
      logger.error({ err: toDozeError(error) }, 'the certificate for clients could not be read anew');
    }
  };
  return clock.every(HOUR_MS, look);
}

/** `NAME.doze.localhost` reaches a compute by its name where `localhost` has subdomains, as systemd has it. */
function namesOf(gatewayHost: string, host: string): Pick<OwnCertificateOptions, 'names' | 'needed'> {
  const needed = ['localhost', '127.0.0.1', ...(EVERYWHERE.includes(gatewayHost) ? [] : [gatewayHost])];
  const more = ['*.doze.localhost', '::1', host, ...(host.includes('.') ? [`*.${host}`] : [])];
  return { names: [...new Set([...needed, ...more])], needed };
}
