import { mkdtempSync, rmSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createApiServer, type AgentServices } from '../../../../src/lib/api/index.ts';
import type { HttpTimeouts } from '../../../../src/lib/api/server/http-limits.ts';
import { createSystemClock, type Clock } from '../../../../src/lib/clock.ts';
import type { Role, Token } from '../../../../src/lib/domain/index.ts';
import type { Logger } from '../../../../src/lib/logger.ts';
import { createTestAccess, type TestAccess } from '../../../support/access.ts';
import { createTestTls } from '../../../support/tls-certificate.ts';

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: unknown;
  /** As it came. */
  readonly text: string;
}

export interface AskOptions extends Pick<RequestOptions, 'headers' | 'agent'> {
  readonly method?: string;
  readonly token?: string | null;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface RemoteServer extends AsyncDisposable, TestAccess {
  readonly port: number;
  readonly certificate: string;
  /** Everything that was logged. */
  readonly log: string[];
  /** Over TLS. */
  ask(path: string, options?: AskOptions): Promise<Answer>;
  /** Over the Unix socket. */
  askLocally(path: string, options?: AskOptions): Promise<Answer>;
  /** A valid token, or one that ends after a while. */
  token(name: string, role: Role, project: string | null, lifeMs?: number | null): { token: Token; secret: string };
}

export interface RemoteServerOptions {
  readonly perSecond?: number;
  readonly clock?: Clock;
  readonly timeouts?: HttpTimeouts;
}

/** A server with the given services that other machines reach by TLS, on a port of its own. */
export async function serveRemote(
  services: AgentServices,
  { perSecond = 100_000, clock = createSystemClock(), timeouts }: RemoteServerOptions = {},
): Promise<RemoteServer> {
  const home = mkdtempSync(join(tmpdir(), 'doze-remote-'));
  const access = createTestAccess(clock);
  const log: string[] = [];
  const socket = join(home, 'agent.sock');
  const server = createApiServer(
    { services, clock, logger: createListeningLogger(log), ...access },
    { version: '1.0.0', paths: { home, socket }, localName: 'uid 7', ...(timeouts && { timeouts }) },
  );
  const { certificate, key } = createTestTls();
  await server.listen();
  const { port } = await server.listenRemote({ host: '127.0.0.1', port: 0, certificate, key, perSecond });
  return {
    ...access,
    port,
    certificate,
    log,
    ask: (path, options) =>
      ask(request, { host: '127.0.0.1', port, ca: certificate, servername: 'localhost', agent: false }, path, options),
    askLocally: (path, options) => ask(plainRequest, { socketPath: socket, agent: false }, path, options),
    token: (name, role, project, lifeMs = null) =>
      access.tokens.create({ name, role, project, lifeMs, createdBy: 'a test' }),
    async [Symbol.asyncDispose]() {
      await server.close(AbortSignal.abort());
      access.trail.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function createListeningLogger(log: string[]): Logger {
  const note = (facts: object, message: string): void => void log.push(`${message} ${JSON.stringify(facts)}`);
  return { debug: note, info: note, warn: note, error: note };
}

function ask(
  send: typeof request,
  base: RequestOptions,
  path: string,
  { method = 'GET', token = null, body, headers, ...options }: AskOptions = {},
): Promise<Answer> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = send(
      {
        ...base,
        path,
        method,
        headers: { ...type, ...authorization, ...(headers as Record<string, string>) },
        ...options,
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read(text), text }),
        );
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
