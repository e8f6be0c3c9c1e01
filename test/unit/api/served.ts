import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createApiClient, type ApiClient } from '../../../src/lib/api/client/index.ts';
import { createApiServer, type AgentServices, type ApiServer } from '../../../src/lib/api/index.ts';
import type { HttpTimeouts } from '../../../src/lib/api/server/http-limits.ts';
import { createSystemClock } from '../../../src/lib/clock.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createTestAccess } from '../../support/access.ts';

export interface Served extends AsyncDisposable {
  readonly client: ApiClient;
  readonly server: ApiServer;
  readonly socket: string;
  readonly home: string;
  /** A request as nobody's client would send it. */
  raw(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<RawAnswer>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: unknown;
}

/** A server with the given services on a socket of its own, and a client of it. */
export async function serve(
  services: AgentServices,
  versions = { agent: '1.0.0', client: '1.0.0' },
  home = mkdtempSync(join(tmpdir(), 'doze-api-')),
  timeouts?: HttpTimeouts,
): Promise<Served> {
  const socket = join(home, 'agent.sock');
  const clock = createSystemClock();
  const deps = { services, clock, logger: createSilentLogger(), ...createTestAccess(clock) };
  const server = createApiServer(deps, {
    version: versions.agent,
    paths: { home, socket },
    localName: 'uid 0',
    ...(timeouts && { timeouts }),
  });
  await server.listen();
  const client = createApiClient({ socketPath: socket, version: versions.client });
  return {
    client,
    server,
    socket,
    home,
    raw: (method, path, body, headers) => rawRequest(socket, method, path, body, headers),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close(AbortSignal.abort());
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function rawRequest(
  socketPath: string,
  method: string,
  path: string,
  body = '',
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: readBody(text) }),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
