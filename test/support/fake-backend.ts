import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

import {
  answerScramble,
  Capability,
  Command,
  DEFAULT_CAPABILITIES,
  isSslRequest,
  OK_HEADER,
  PacketDecoder,
  readHandshakeResponse,
  stage1Of,
  writeErr,
  writeGreeting,
  writeOk,
  writePacket,
  type HandshakeResponse,
} from '../../src/lib/mysql/index.ts';
import type { Exchange } from './caching-sha2.ts';
import type { ServerIdentity } from '../../src/lib/x509/index.ts';

/** A server that knows logins, and answers commands as it is told. */
export interface FakeBackend extends AsyncDisposable {
  readonly port: number;
  readonly logins: readonly HandshakeResponse[];
  /** Commands in the order in which they came, as text. */
  readonly commands: readonly string[];
  readonly connections: ReadonlySet<Socket>;
  /** What is sent for a command, in whole packets from sequence number 1; OK unless set. */
  answer: (payload: Buffer, socket: Socket) => readonly Buffer[];
  /** What it speaks TLS with, from the next connection on; null: it offers none. */
  identity: ServerIdentity | null;
  /** How many have gone on with TLS. */
  secured: number;
  /** Refuses the next logins with this payload. */
  refusal: Buffer | null;
  /** Asks the next logins this; whatever is said to it is right. */
  question: Buffer | null;
  /** Leads the next logins; null: as mysql_native_password. */
  exchange: ((isSecure: boolean) => Exchange) | null;
  /** As the server counts: one more is greeted, in case it is an administrator, and refused when it has logged in. */
  maxConnections: number;
}

const SCRAMBLE = Buffer.alloc(20, 'b');
const STATUS_AUTOCOMMIT = 2;
const MAX_LENGTH = 2 ** 26;
const FULL = writeErr({ errno: 1040, sqlState: '08004', message: 'Too many connections' });

export function okPacket(status: number = STATUS_AUTOCOMMIT): Buffer {
  return writeOk({ affectedRows: 0, lastInsertId: 0, status, warnings: 0, rest: Buffer.alloc(0) });
}

/** Passwords by user. */
export async function startFakeBackend(passwords: Readonly<Record<string, string>>): Promise<FakeBackend> {
  const logins: HandshakeResponse[] = [];
  const commands: string[] = [];
  const connections = new Set<Socket>();
  let lastId = 0;

  const serve = (socket: Socket): void => {
    const decoder = new PacketDecoder(MAX_LENGTH);
    let isIn = false;
    let isAsked = false;
    let exchange: Exchange | null = null;
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => undefined);
    if (connections.size > backend.maxConnections + 1) {
      socket.end(writePacket(FULL, 0));
      return;
    }
    lastId += 1;
    socket.write(writePacket(greeting(lastId, backend.identity !== null), 0));
    const listen = (wire: Socket): void => {
      wire.on('data', (chunk) => received(wire, chunk));
    };
    const received = (wire: Socket, chunk: Buffer): void => {
      decoder.push(chunk);
      for (let packet = decoder.next(); packet !== null; packet = decoder.next()) {
        const { payload, sequence } = packet;
        // An answer may look like it.
        const isFirst = !isIn && !isAsked && exchange === null;
        if (isFirst && backend.identity !== null && isSslRequest(payload)) {
          backend.secured += 1;
          socket.removeAllListeners('data').pause();
          // What came behind it is TLS.
          const early = decoder.drain();
          if (early.length > 0) socket.unshift(early);
          listen(secure(socket, backend.identity));
        } else if (isIn) command(wire, payload);
        else if (exchange !== null) {
          const replies = exchange.answer(payload);
          wire.write(Buffer.concat(replies.map((reply, index) => writePacket(reply, sequence + 1 + index))));
          isIn = replies.at(-1)?.[0] === OK_HEADER;
        } else if (backend.exchange !== null) {
          logins.push(readHandshakeResponse(payload));
          exchange = backend.exchange(wire !== socket);
          wire.write(writePacket(exchange.begins, sequence + 1));
        } else if (isAsked || backend.question === null) isIn = login(wire, payload, sequence, isAsked);
        else {
          wire.write(writePacket(backend.question, sequence + 1));
          isAsked = true;
        }
      }
    };
    listen(socket);
  };
  const login = (socket: Socket, payload: Buffer, sequence: number, isAnswer: boolean): boolean => {
    if (isAnswer) {
      socket.write(writePacket(okPacket(), sequence + 1));
      return true;
    }
    const response = readHandshakeResponse(payload);
    logins.push(response);
    const isFull = connections.size > backend.maxConnections;
    const reply = backend.refusal ?? (isFull ? FULL : verdictOn(response, passwords));
    socket.write(writePacket(reply, sequence + 1));
    return reply[0] === OK_HEADER;
  };
  const command = (socket: Socket, payload: Buffer): void => {
    commands.push(describeCommand(payload));
    if (payload[0] === Command.QUIT) socket.end();
    else
      socket.write(Buffer.concat(backend.answer(payload, socket).map((reply, index) => writePacket(reply, index + 1))));
  };

  const server = createServer({ noDelay: true }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const backend: FakeBackend = {
    port: address.port,
    logins,
    commands,
    connections,
    answer: () => [okPacket()],
    identity: null,
    secured: 0,
    refusal: null,
    question: null,
    exchange: null,
    maxConnections: Infinity,
    [Symbol.asyncDispose]: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return backend;
}

function secure(socket: Socket, { certificate, key }: ServerIdentity): TLSSocket {
  const secureContext = createSecureContext({ cert: certificate, key });
  const wire = new TLSSocket(socket, { isServer: true, secureContext });
  wire.on('error', () => undefined);
  wire.on('_tlsError', () => undefined);
  return wire;
}

function greeting(connectionId: number, offersTls: boolean): Buffer {
  const capabilities = {
    base: (DEFAULT_CAPABILITIES.base | Capability.COMPRESS | (offersTls ? Capability.SSL : 0)) >>> 0,
    extended: DEFAULT_CAPABILITIES.extended,
  };
  return writeGreeting({
    serverVersion: '10.11.19-MariaDB',
    connectionId,
    scramble: SCRAMBLE,
    capabilities,
    collation: 45,
    status: STATUS_AUTOCOMMIT,
    plugin: 'mysql_native_password',
  });
}

function verdictOn({ user, authResponse }: HandshakeResponse, passwords: Readonly<Record<string, string>>): Buffer {
  const password = passwords[user.toString()];
  const expected = password === '' ? Buffer.alloc(0) : answerScramble(stage1Of(password ?? ''), SCRAMBLE);
  if (password !== undefined && expected.equals(authResponse)) return okPacket();
  return writeErr({ errno: 1045, sqlState: '28000', message: 'Access denied by the server' });
}

function describeCommand(payload: Buffer): string {
  const name = Object.entries(Command).find(([, value]) => value === payload[0])?.[0] ?? 'UNKNOWN';
  return `${name} ${payload.toString('latin1', 1)}`.trim();
}
