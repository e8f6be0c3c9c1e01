import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import {
  answerScramble,
  Capability,
  NATIVE_PASSWORD,
  PacketDecoder,
  readGreeting,
  stage1Of,
  writeHandshakeResponse,
  writePacket,
  type Greeting,
} from '../../src/lib/mysql/index.ts';
import type { RawLogin } from './raw-client.ts';

/** How the bytes of the way to TLS are cut. */
export type Cut = 'as they come' | 'together' | 'one by one';

export interface RawTlsLogin extends RawLogin {
  readonly serverName?: string;
  readonly cut?: Cut;
}

export interface RawTlsClient extends AsyncDisposable {
  readonly greeting: Greeting;
  readonly tls: TLSSocket;
  /** What the server said to the login, and to what was sent since. */
  read(): Promise<Buffer>;
  send(payload: Buffer, sequence?: number): void;
}

const MAX_LENGTH = 2 ** 30;
const SSL_REQUEST_LENGTH = 32;

/** Asks for TLS, shakes hands without looking at the certificate, and sends its login. */
export async function loginRawTlsClient(login: RawTlsLogin): Promise<RawTlsClient> {
  const plain = connect({ host: login.host, port: login.port, noDelay: true });
  const decoder = new PacketDecoder(MAX_LENGTH);
  const greetings: Buffer[] = [];
  while (greetings.length === 0) {
    const [chunk] = (await once(plain, 'data')) as [Buffer];
    decoder.push(chunk);
    const packet = decoder.next();
    if (packet !== null) greetings.push(packet.payload);
  }
  const greeting = readGreeting(greetings[0]!);
  const response = responseTo(greeting, login);
  const request = writePacket(response.subarray(0, SSL_REQUEST_LENGTH), 1);
  const wire = createWire(plain, request, login.cut ?? 'as they come');
  const tls = connectTls({
    socket: wire,
    rejectUnauthorized: false,
    ...(login.serverName === undefined ? {} : { servername: login.serverName }),
  });
  await once(tls, 'secureConnect');
  tls.on('data', (chunk: Buffer) => {
    decoder.push(chunk);
    tls.emit('packets');
  });
  tls.on('error', () => undefined);
  tls.on('close', () => tls.emit('packets'));
  tls.write(writePacket(response, 2));
  return {
    greeting,
    tls,
    read: async () => {
      for (;;) {
        const packet = decoder.next();
        if (packet !== null) return packet.payload;
        if (tls.closed) throw new Error('the server closed the connection');
        await once(tls, 'packets');
      }
    },
    send: (payload, sequence = 0) => tls.write(writePacket(payload, sequence)),
    [Symbol.asyncDispose]: async () => {
      tls.destroy();
      plain.destroy();
      if (!plain.closed) await once(plain, 'close');
    },
  };
}

function responseTo(greeting: Greeting, { user, password, capabilities }: RawLogin): Buffer {
  return writeHandshakeResponse({
    capabilities: { ...capabilities, base: (capabilities.base | Capability.SSL) >>> 0 },
    maxPacketLength: 2 ** 24,
    collation: 45,
    user: Buffer.from(user),
    authResponse: password === '' ? Buffer.alloc(0) : answerScramble(stage1Of(password), greeting.scramble),
    database: null,
    plugin: NATIVE_PASSWORD,
    attributes: Buffer.alloc(0),
  });
}

/** The same connection, with the request for TLS before the first bytes. */
function createWire(plain: Socket, request: Buffer, cut: Cut): Duplex {
  if (cut === 'as they come') {
    plain.write(request);
    return plain;
  }
  let isFirst = true;
  const write = async (bytes: Buffer): Promise<void> => {
    if (cut !== 'one by one') {
      plain.write(bytes);
      return;
    }
    for (const byte of bytes) {
      plain.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
  };
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      const bytes = isFirst ? Buffer.concat([request, chunk]) : chunk;
      isFirst = false;
      void write(bytes).then(() => done());
    },
    destroy: (_error, done) => {
      plain.destroy();
      done(null);
    },
  });
  plain.on('data', (chunk: Buffer) => wire.push(chunk));
  plain.on('end', () => wire.push(null));
  plain.on('error', () => wire.push(null));
  return wire;
}
