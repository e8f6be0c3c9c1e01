import type { Agent as HttpAgent } from 'node:http';

import { DozeError } from '../../errors/index.ts';

/** Not imported by name: that would read every export, WebSocket's among them, and load a whole web client for it. */
const { Agent } = process.getBuiltinModule('node:http');

/** How requests reach an agent. */
export interface Link {
  /** Of each request, besides its own. */
  readonly options: { readonly socketPath: string } | { readonly host: string; readonly port: number };
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: HttpAgent;
  /** Null on this machine. */
  readonly remote: RemoteParts | null;
  /** Nobody answers, for a reason of the system. */
  unreachable(reason: string, cause: unknown): DozeError;
}

export interface RemoteParts {
  /** For messages: `https://db.example:7443`. */
  readonly url: string;
  /** Of the context. */
  readonly name: string;
  /** Somebody who showed the right key has answered the telephone at least. */
  hasConnected(): boolean;
}

export const MAX_CONNECTIONS = 16;

/** Over the Unix socket of this machine's agent. */
export function createSocketLink(socketPath: string): Link {
  return {
    options: { socketPath },
    headers: {},
    agent: new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
    remote: null,
    unreachable: (reason, cause) =>
      new DozeError('AGENT_UNREACHABLE', `no agent answers at ${socketPath}`, {
        cause,
        details: { socketPath, reason },
      }),
  };
}
