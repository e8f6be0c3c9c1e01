import type { StorageFault } from '../domain/index.ts';
import { DozeError, systemCode } from '../errors/index.ts';

export interface Fault {
  readonly fault: StorageFault;
  /** Completes "does not answer: ...". */
  readonly message: string;
}

/** By Node's and OpenSSL's codes, never by text. */
const BY_CODE: Readonly<Record<string, Fault>> = {
  ECONNREFUSED: { fault: 'refused', message: 'nothing listens there' },
  ENOTFOUND: { fault: 'unresolved', message: 'its name is unknown' },
  ECONNRESET: { fault: 'lost', message: 'it closed the connection' },
  EPIPE: { fault: 'lost', message: 'it closed the connection' },
  ETIMEDOUT: { fault: 'timeout', message: 'no connection in time' },
  EHOSTUNREACH: { fault: 'refused', message: 'its host cannot be reached' },
  ENETUNREACH: { fault: 'own', message: 'this host has no way to its network' },
  EADDRNOTAVAIL: { fault: 'own', message: 'this host has no free port to ask from' },
  EAI_AGAIN: { fault: 'own', message: 'the name server of this host does not answer' },
  EMFILE: { fault: 'own', message: 'too many files are open on this host' },
  ENFILE: { fault: 'own', message: 'too many files are open on this host' },
  ERR_TLS_CERT_ALTNAME_INVALID: { fault: 'certificate', message: 'its certificate is for another name' },
  CERT_HAS_EXPIRED: { fault: 'certificate', message: 'its certificate has expired' },
  CERT_NOT_YET_VALID: { fault: 'certificate', message: 'its certificate is not valid yet' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { fault: 'certificate', message: 'its certificate is self-signed' },
  SELF_SIGNED_CERT_IN_CHAIN: { fault: 'certificate', message: 'its certificate is of an unknown authority' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { fault: 'certificate', message: 'its certificate is of an unknown authority' },
  UNABLE_TO_GET_ISSUER_CERT: { fault: 'certificate', message: 'its certificate is of an unknown authority' },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { fault: 'certificate', message: 'its certificate is of an unknown authority' },
  ERR_SSL_WRONG_VERSION_NUMBER: { fault: 'malformed', message: 'it does not speak TLS: http:// instead of https://?' },
  EPROTO: { fault: 'malformed', message: 'it does not speak TLS: http:// instead of https://?' },
};

const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403]);

/** What a request that got no answer failed of. An abort is the deadline's, unless somebody ended it. */
export function faultOf(error: unknown, signal: AbortSignal): Fault {
  if (signal.aborted) {
    const reason: unknown = signal.reason;
    return reason instanceof DozeError && reason.code === 'TIMED_OUT'
      ? { fault: 'timeout', message: reason.message }
      : { fault: 'own', message: 'the check was broken off' };
  }
  const code = systemCode(error) ?? '';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return { fault: 'malformed', message: 'it does not speak HTTP' };
  return { fault: 'lost', message: code === '' ? 'the exchange broke off' : `the exchange failed (${code})` };
}

/** Null for a status that comes with an answer. Redirects are not followed: they would take the credential along. */
export function faultOfStatus(status: number, location: string | undefined): Fault | null {
  if (status >= 200 && status < 300) return null;
  if (UNAUTHORIZED.has(status)) return { fault: 'unauthorized', message: `it refuses our credential (HTTP ${status})` };
  if (status >= 300 && status < 400) {
    return {
      fault: 'redirect',
      message: `it redirects${location === undefined ? '' : ` to ${originOf(location)}`} (HTTP ${status})`,
    };
  }
  return { fault: 'status', message: `it answers HTTP ${status}` };
}

/** Without the path and the query, in which there may be secrets. */
function originOf(location: string): string {
  return URL.parse(location)?.origin ?? 'another path';
}
