import { proveCertificate, replaceOkMessage, stage2Of } from '../../mysql/index.ts';
import type { Arrival } from '../arrival.ts';
import type { ClientConnection } from '../client-connection.ts';

/**
 * The server's OK with the proof in it that the gateway's certificate is the right one, for a client over TLS that has a
 * password. It may know the certificate from elsewhere, or not ask; the message is no harm then.
 */
export function signOk({ tls }: ClientConnection, { admission, greeted }: Arrival, payload: Buffer): Buffer {
  if (tls === null || admission.kind !== 'accepted' || admission.stage1 === null) return payload;
  const passwordHash = stage2Of(admission.stage1);
  const { scramble } = greeted;
  return replaceOkMessage(payload, proveCertificate({ passwordHash, scramble, fingerprint: tls.fingerprint }));
}
