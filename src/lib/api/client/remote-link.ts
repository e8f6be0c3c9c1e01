import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';

import { toDozeError, DozeError } from '../../errors/index.ts';
import { MAX_CONNECTIONS, type Link } from './link.ts';
import { shakeHands, type Secured, type ServerAddress } from './server-key.ts';

/** An agent on another machine. */
export interface RemoteTarget {
  /** Of the context. */
  readonly name: string;
  /** `https://db.example:7443` */
  readonly url: string;
  /** Of the only key that is trusted; null leaves it to the certificate authorities of this machine. */
  readonly fingerprint: string | null;
  readonly token: string;
}

/**
 * By TLS with a token, which is sent to nobody but whoever has proved to have the key. What is pinned is the key and not the
 * certificate: one that is renewed with the same key is as good, whatever its names and dates.
 */
export function createRemoteLink(target: RemoteTarget): Link {
  const address = addressOf(target.url);
  let hasConnected = false;
  const agent = new PinningAgent(async () => {
    const secured = await shakeHands(address);
    requireTrusted(secured, target);
    hasConnected = true;
    return secured.socket;
  });
  return {
    options: address,
    headers: { authorization: `Bearer ${target.token}` },
    agent,
    remote: { url: target.url, name: target.name, hasConnected: () => hasConnected },
    unreachable: (reason, cause) =>
      new DozeError(
        'AGENT_UNREACHABLE',
        `the connection to ${target.url} (context "${target.name}") was lost: ${reason}`,
        {
          cause,
          hint: `doze agent status --context ${target.name}`,
          details: { url: target.url, reason },
        },
      ),
  };
}

/** Of a URL that was checked when the context was added. */
export function addressOf(url: string): ServerAddress {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
}

/** @throws CERTIFICATE_CHANGED, CERTIFICATE_UNTRUSTED */
function requireTrusted(
  { socket, fingerprint, distrust }: Secured,
  { name, url, fingerprint: pinned }: Omit<RemoteTarget, 'token'>,
): void {
  if (pinned === null ? distrust === null : fingerprint === pinned) return;
  socket.destroy();
  if (pinned === null) {
    throw new DozeError('CERTIFICATE_UNTRUSTED', `the certificate of ${url} is not trusted (${distrust ?? ''})`, {
      hint: `compare ${fingerprint} with doze agent listen on that machine, then: doze context add ${name} ${url} --fingerprint FINGERPRINT`,
      details: { url, fingerprint, reason: distrust },
    });
  }
  throw new DozeError(
    'CERTIFICATE_CHANGED',
    `${url} shows another key than the one of context "${name}": ${fingerprint}, where ${pinned} is trusted. ` +
      'Somebody may be in between, or the agent has a new key. Nothing was sent',
    {
      hint: `doze agent listen on that machine; if it says the new one: doze context add ${name} ${url} --fingerprint ${fingerprint}`,
      details: { url, fingerprint, trusted: pinned },
    },
  );
}

/** Of connections over which nothing is sent before `open` has looked at them. */
class PinningAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
    this.#open = open;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const none = undefined as unknown as Duplex;
    this.#open().then(
      (socket) => callback?.(null, socket),
      (error: unknown) => callback?.(toDozeError(error), none),
    );
  }
}
