import { readFileSync } from 'node:fs';

import { DozeError, systemCode } from '../../errors/index.ts';
import { findCertificateFault, type Certificate } from './certificate.ts';

/** Paths of files in PEM; null is not set. */
export interface CertificateFiles {
  readonly certificate: string | null;
  readonly key: string | null;
}

/** Null when none is given. @throws CONFIG_INVALID */
export function readGivenCertificate(files: CertificateFiles): Certificate | null {
  if (files.certificate === null && files.key === null) return null;
  if (files.certificate === null || files.key === null) {
    const [missing, there] = files.certificate === null ? ['tlsCert', 'tlsKey'] : ['tlsKey', 'tlsCert'];
    throw invalid(`${there} is set without ${missing}: a certificate and its key go together`, missing);
  }
  const pair = { certificate: read(files.certificate, 'tlsCert'), key: read(files.key, 'tlsKey') };
  switch (findCertificateFault(pair)) {
    case null:
      return pair;
    case 'certificate':
      throw invalid(`${files.certificate} is no certificate in PEM`, 'tlsCert');
    case 'key':
      throw invalid(`${files.key} is no private key in PEM, or has a passphrase`, 'tlsKey');
    case 'pair':
      throw invalid(`${files.key} is not the key of the certificate ${files.certificate}`, 'tlsKey');
  }
}

function read(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid(`${file} cannot be read (${systemCode(cause) ?? 'unknown reason'})`, setting, cause);
  }
}

function invalid(message: string, setting: string, cause?: unknown): DozeError {
  return new DozeError('CONFIG_INVALID', `TLS for clients: ${message}`, {
    hint: `doze config set ${setting} FILE`,
    details: { setting },
    ...(cause === undefined ? {} : { cause }),
  });
}
