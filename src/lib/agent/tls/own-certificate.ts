import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';

import type { Clock } from '../../clock.ts';
import { DozeError, systemCode } from '../../errors/index.ts';
import { createSelfSigned } from '../../x509/index.ts';
import { expiryMs, findCertificateFault, type Certificate } from './certificate.ts';

export interface OwnCertificateOptions {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** What clients may call the gateway: host names, wildcards, IP addresses. */
  readonly names: readonly string[];
  /** Those of them without which a certificate is of no use. */
  readonly needed: readonly string[];
}

const DAY_MS = 86_400_000;
/** As long as MySQL's own: who names the file to a client should not have to do it again. */
const LIFE_MS = 3_650 * DAY_MS;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** Clocks of clients may be behind. */
const EARLIER_MS = DAY_MS;

/**
 * The certificate that the home keeps, made if there is none, if it lacks a name that is needed, or if it expires soon. The key
 * stays when the certificate is renewed. Whatever of the two files is missing or damaged after a crash is made anew.
 * @throws HOME_UNUSABLE
 */
export function keepOwnCertificate(clock: Clock, options: OwnCertificateOptions): Certificate {
  const key = keepKey(options.keyFile);
  const known = readIfThere(options.certificateFile);
  if (known !== null && isGood(known, key, options.needed, clock)) return { certificate: known, key };
  const nowMs = clock.wallMs();
  const certificate = createSelfSigned({
    key: createPrivateKey(key),
    commonName: 'doze gateway',
    names: options.names,
    validFromMs: nowMs - EARLIER_MS,
    validToMs: nowMs + LIFE_MS,
  });
  write(options.certificateFile, certificate);
  return { certificate, key };
}

/** A name of the machine that is not in it is no reason for another one: it changes with the network. */
function isGood(certificate: string, key: string, needed: readonly string[], clock: Clock): boolean {
  if (findCertificateFault({ certificate, key }) !== null) return false;
  if (expiryMs(certificate) - clock.wallMs() < RENEW_BEFORE_MS) return false;
  const parsed = new X509Certificate(certificate);
  return needed.every((name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined);
}

function keepKey(file: string): string {
  const known = readIfThere(file);
  if (known !== null && isKey(known)) return known;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  write(file, key);
  return key;
}

function isKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw unusable(file, cause);
  }
}

/** Whole or not at all. */
function write(file: string, text: string): void {
  try {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw unusable(file, cause);
  }
}

function unusable(file: string, cause: unknown): DozeError {
  return new DozeError('HOME_UNUSABLE', `the gateway's certificate cannot be kept in ${file}`, {
    cause,
    hint: `check the rights of ${file}, or switch TLS off: doze config set tls off`,
  });
}
