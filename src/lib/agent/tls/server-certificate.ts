import { hostname } from 'node:os';

import type { Clock } from '../../clock.ts';
import type { AgentSettings, DozePaths } from '../../config/index.ts';
import { toDozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import { expiryMs, type Certificate } from './certificate.ts';
import { readGivenCertificate } from './given-certificate.ts';
import { keepOwnCertificate, type OwnCertificateOptions } from './own-certificate.ts';

export interface ServerCertificateDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: Pick<AgentSettings, 'tlsCert' | 'tlsKey' | 'gatewayHost' | 'publicHost' | 'listen'>;
  readonly paths: Pick<DozePaths, 'certificateFile' | 'keyFile'>;
}

const HOUR_MS = 3_600_000;
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** What this agent shows to whoever speaks TLS to it: the certificate that is given, or else the home's own. @throws CONFIG_INVALID, HOME_UNUSABLE */
export function readServerCertificate({ clock, settings, paths }: ServerCertificateDeps): Certificate {
  const given = readGivenCertificate({ certificate: settings.tlsCert, key: settings.tlsKey });
  return given ?? keepOwnCertificate(clock, { ...paths, ...namesOf(settings, hostname()) });
}

export interface CertificateUse<Used extends Certificate> {
  /** For messages: `clients`. */
  readonly whose: string;
  readonly read: () => Used | null;
  readonly take: (certificate: Used) => void | Promise<void>;
}

/**
 * Takes up a certificate that was renewed, its own or one given, within an hour, for connections that come from then on.
 * One that cannot be used is reported, and the one before stays.
 */
export function watchCertificate<Used extends Certificate>(
  { clock, logger }: Pick<ServerCertificateDeps, 'clock' | 'logger'>,
  { whose, read, take }: CertificateUse<Used>,
  first: Used,
): Disposable {
  let used = first;
  const look = async (): Promise<void> => {
    try {
      const now = read();
      if (now !== null && (now.certificate !== used.certificate || now.key !== used.key)) {
        await take(now);
        used = now;
        logger.info(
          { expiresAt: new Date(expiryMs(now.certificate)).toISOString() },
          `${whose} get another certificate`,
        );
      }
      if (expiryMs(used.certificate) <= clock.wallMs()) logger.warn({}, `the certificate for ${whose} has expired`);
    } catch (error) {
      logger.error({ err: toDozeError(error) }, `the certificate for ${whose} could not be read anew`);
    }
  };
  return clock.every(HOUR_MS, look);
}

/** `NAME.doze.localhost` reaches a compute by its name where `localhost` has subdomains, as systemd has it. */
function namesOf(
  { gatewayHost, publicHost, listen }: ServerCertificateDeps['settings'],
  host: string,
): Pick<OwnCertificateOptions, 'names' | 'needed'> {
  const set = [gatewayHost, publicHost, listen?.host ?? null].filter((name) => name !== null);
  const needed = [...new Set(['localhost', '127.0.0.1', ...set.filter((name) => !EVERYWHERE.includes(name))])];
  const more = ['*.doze.localhost', '::1', host, ...(host.includes('.') ? [`*.${host}`] : [])];
  return { names: [...new Set([...needed, ...more])], needed };
}
