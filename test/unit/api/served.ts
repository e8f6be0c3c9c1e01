import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createApiClient, type ApiClient } from '../../../src/lib/api/client/index.ts';
import { createApiServer, type AgentServices, type ApiServer } from '../../../src/lib/api/index.ts';
import type { HttpTimeouts } from '../../../src/lib/api/server/http-limits.ts';
import { createSystemClock } from '../../../src/lib/clock.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createTestAccess } from '../../support/access.ts';
import { socketRequest, type RawAnswer } from '../../support/socket-request.ts';

export interface Served extends AsyncDisposable {
  readonly client: ApiClient;
  readonly server: ApiServer;
  readonly socket: string;
  readonly home: string;
  /** A request as nobody's client would send it. */
  raw(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<RawAnswer>;
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
    raw: (method, path, body, headers) => socketRequest(socket, method, path, body, headers),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close(AbortSignal.abort());
      rmSync(home, { recursive: true, force: true });
    },
  };
}
