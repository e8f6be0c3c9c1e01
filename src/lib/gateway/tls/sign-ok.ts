import { proveCertificate, replaceOkMessage, stage2Of } from '../../mysql/index.ts';
import type { Arrival } from '../arrival.ts';
import type { Admission } from '../authenticate-client.ts';
import type { ClientConnection } from '../client-connection.ts';

/**
 * The server's OK with the proof in it that the gateway's certificate is the right one, for a client over TLS that has a
 * password. It may know the certificate from elsewhere, or not ask; the message is no harm then.
 */
export function signOk({ tls }: ClientConnection, { admission, greeted }: Arrival, payload: Buffer): Buffer {
  const passwordHash = passwordHashOf(admission);
  if (tls === null || passwordHash === null) return payload;
  const { scramble } = greeted;
  return replaceOkMessage(payload, proveCertificate({ passwordHash, scramble, fingerprint: tls.fingerprint }));
}

function passwordHashOf(admission: Admission): Buffer | null {
  if (admission.kind === 'relay') return admission.passwordHash;
  return admission.stage1 === null ? null : stage2Of(admission.stage1);
}
