import { addressOf, lookAtServer, type ShownKey } from '../../api/client/remote.ts';
import { DozeError } from '../../errors/index.ts';

export interface TrustOptions {
  readonly name: string;
  readonly url: string;
  /** Of `--fingerprint`; null when it was not typed. */
  readonly fingerprint: string | null;
  /** Asks somebody; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  readonly signal: AbortSignal;
}

/**
 * Whose key is trusted from now on: the one that was typed, else whatever the certificate authorities of this machine
 * vouch for (null), else the one that is shown, if somebody says so.
 * @throws CERTIFICATE_CHANGED, CERTIFICATE_UNTRUSTED, AGENT_UNREACHABLE
 */
export async function trustServer(options: TrustOptions): Promise<string | null> {
  const { url, fingerprint, ask, signal } = options;
  const shown = await lookAtServer(addressOf(url), signal);
  if (fingerprint !== null) {
    if (shown.fingerprint === fingerprint) return fingerprint;
    throw new DozeError(
      'CERTIFICATE_CHANGED',
      `${url} shows the key ${shown.fingerprint}, and not ${fingerprint}. Nothing was sent, and nothing is kept`,
      {
        hint: 'doze agent listen, on the machine of the agent, says which one is right',
        details: { url, fingerprint: shown.fingerprint, trusted: fingerprint },
      },
    );
  }
  if (shown.distrust === null) return null;
  if (ask === null) throw untrusted(options, shown);
  if (await ask(questionOf(options, shown))) return shown.fingerprint;
  throw new DozeError('CERTIFICATE_UNTRUSTED', `${url} is not trusted: nothing was sent, and nothing is kept`, {
    hint: 'doze agent listen, on the machine of the agent, says its fingerprint',
  });
}

function questionOf({ url }: TrustOptions, { fingerprint, certificate, distrust }: ShownKey): string {
  return [
    `Nobody vouches for ${url} (${distrust ?? ''}). Its key is`,
    `  ${fingerprint}`,
    `  certificate for ${certificate.subjectAltName ?? certificate.subject}, until ${certificate.validToDate.toISOString().slice(0, 10)}`,
    'On its machine `doze agent listen` shows the same if this is it. Trust this key from now on?',
  ].join('\n');
}

function untrusted({ name, url }: TrustOptions, { fingerprint, distrust }: ShownKey): DozeError {
  return new DozeError(
    'CERTIFICATE_UNTRUSTED',
    `nobody vouches for ${url} (${distrust ?? ''}), and nobody can be asked`,
    {
      hint:
        `doze agent listen, on its machine; if that shows ${fingerprint}: ` +
        `doze context add ${name} ${url} --fingerprint ${fingerprint}`,
      details: { url, fingerprint, reason: distrust },
    },
  );
}
