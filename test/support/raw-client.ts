import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import {
  answerScramble,
  isErr,
  NATIVE_PASSWORD,
  PacketDecoder,
  readErr,
  readGreeting,
  stage1Of,
  writeHandshakeResponse,
  writePacket,
  type Capabilities,
  type Greeting,
  type Packet,
} from '../../src/lib/mysql/index.ts';

/** A client that speaks the protocol byte by byte, for what no library sends. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  readonly greeting: Greeting;
  /** Every byte the server sent since the last call. */
  takeBytes(): Buffer;
  /** The next whole packet. Rejects when the server closes first. */
  read(): Promise<Packet>;
  send(payload: Buffer, sequence?: number): void;
}

export interface RawLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database?: string;
  readonly capabilities: Capabilities;
}

const MAX_LENGTH = 2 ** 30;

/** Connects and reads the greeting, no more. */
export async function openRawClient({ host, port }: { host: string; port: number }): Promise<RawClient> {
  const socket = connect({ host, port, noDelay: true });
  const decoder = new PacketDecoder(MAX_LENGTH);
  let bytes: Buffer[] = [];
  let isClosed = false;
  socket.on('data', (chunk) => {
    bytes.push(chunk);
    decoder.push(chunk);
    socket.emit('packets');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    socket.emit('packets');
  });
  const read = async (): Promise<Packet> => {
    for (;;) {
      const packet = decoder.next();
      if (packet !== null) return packet;
      if (isClosed) throw new Error('the server closed the connection');
      await once(socket, 'packets');
    }
  };
  const first = await read();
  if (isErr(first.payload)) throw new Error(`refused: ${readErr(first.payload).message}`);
  return {
    socket,
    greeting: readGreeting(first.payload),
    takeBytes: () => {
      const all = Buffer.concat(bytes);
      bytes = [];
      return all;
    },
    read,
    send: (payload, sequence = 0) => socket.write(writePacket(payload, sequence)),
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      if (!isClosed) await once(socket, 'close');
    },
  };
}

/** Sends the handshake response; what the server says to it is to be read. */
export function sendLogin(client: RawClient, login: RawLogin, plugin = NATIVE_PASSWORD, answer?: Buffer): void {
  const scrambled =
    login.password === '' ? Buffer.alloc(0) : answerScramble(stage1Of(login.password), client.greeting.scramble);
  client.send(
    writeHandshakeResponse({
      capabilities: login.capabilities,
      maxPacketLength: 2 ** 24,
      collation: 45,
      user: Buffer.from(login.user),
      authResponse: answer ?? scrambled,
      database: login.database === undefined ? null : Buffer.from(login.database),
      plugin,
      attributes: Buffer.alloc(0),
    }),
    1,
  );
}

/** Connects and logs in. Rejects with the server's message. */
export async function loginRawClient(login: RawLogin): Promise<RawClient & { readonly ok: Buffer }> {
  const client = await openRawClient(login);
  sendLogin(client, login);
  const { payload } = await client.read();
  if (isErr(payload)) throw new Error(`refused: ${String(readErr(payload).errno)} ${readErr(payload).message}`);
  client.takeBytes();
  return Object.assign(client, { ok: payload });
}
