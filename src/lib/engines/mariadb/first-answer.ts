import type { Socket } from 'node:net';

import { abortReason, type Clock } from '../../clock.ts';
import {
  answerScramble,
  Capability,
  Command,
  isErr,
  NATIVE_PASSWORD,
  OK_HEADER,
  PacketDecoder,
  readGreeting,
  stage1Of,
  TextResultReader,
  writeHandshakeResponse,
  writePacket,
} from '../../mysql/index.ts';
import type { SqlTarget } from '../engine.ts';

export interface FirstAnswer {
  readonly serverVersion: string;
  /** Monotonic time at which the server had let us in. */
  readonly loggedInMs: number;
}

const CAPABILITIES = {
  base: Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION | Capability.PLUGIN_AUTH,
  extended: 0,
};
const UTF8MB4_GENERAL_CI = 45;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Logs in and asks for the version in one go: the query is sent behind the login without waiting for its outcome, which a
 * server takes up in order, as each is a packet of its own. A client library does the same in 1.1 to 4 ms more, and every wake
 * waits for it.
 * @returns null for whatever is not plainly the answer (a refusal, another way to log in, the end of the connection), for a
 * client library to find out what it is
 * @throws the signal's reason
 */
export function readFirstAnswer(
  socket: Socket,
  target: SqlTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<FirstAnswer | null> {
  return new Promise((resolve, reject) => {
    const exchange = createExchange(socket, target, clock);
    const settle = (then: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('data');
      // Reads on to the server's own end of it.
      socket.resume();
      then();
    };
    const onAbort = (): void =>
      settle(() => {
        socket.destroy();
        reject(abortReason(signal));
      });
    const onGone = (): void => settle(() => resolve(null));
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays: a socket that breaks during its goodbye is nobody's business.
    socket.on('error', onGone);
    socket.once('close', onGone);
    socket.on('data', (chunk) => {
      const answer = exchange.take(chunk);
      if (answer !== undefined) settle(() => resolve(answer));
    });
  });
}

/** Undefined while more is to come. */
function createExchange(socket: Socket, { user, password }: SqlTarget, clock: Clock) {
  const decoder = new PacketDecoder(MAX_ANSWER_BYTES);
  const result = new TextResultReader(CAPABILITIES, MAX_ANSWER_BYTES);
  let stage: 'greeting' | 'login' | 'query' = 'greeting';
  let loggedInMs = 0;

  const sendAll = (greeting: Buffer): void => {
    const login = writeHandshakeResponse({
      capabilities: CAPABILITIES,
      maxPacketLength: MAX_ANSWER_BYTES,
      collation: UTF8MB4_GENERAL_CI,
      user: Buffer.from(user),
      authResponse: answerScramble(stage1Of(password), readGreeting(greeting).scramble),
      database: null,
      plugin: NATIVE_PASSWORD,
      attributes: null,
    });
    const query = Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('SELECT VERSION()')]);
    socket.write(Buffer.concat([writePacket(login, 1), writePacket(query, 0)]));
  };

  const takePacket = (payload: Buffer): FirstAnswer | null | undefined => {
    if (isErr(payload)) return null;
    switch (stage) {
      case 'greeting':
        sendAll(payload);
        stage = 'login';
        return undefined;
      case 'login':
        if (payload[0] !== OK_HEADER) return null;
        loggedInMs = clock.monotonicMs();
        stage = 'query';
        return undefined;
      case 'query': {
        const answer = result.push(payload);
        if (answer === null) return undefined;
        const version = answer.kind === 'rows' ? answer.rows[0]?.[0] : undefined;
        return version instanceof Buffer ? { serverVersion: version.toString(), loggedInMs } : null;
      }
    }
  };
  return {
    take(chunk: Buffer): FirstAnswer | null | undefined {
      try {
        decoder.push(chunk);
        for (let packet = decoder.next(); packet !== null; packet = decoder.next()) {
          const answer = takePacket(packet.payload);
          if (answer === undefined) continue;
          // Without a goodbye the server logs an aborted connection.
          socket.end(writePacket(Buffer.of(Command.QUIT), 0));
          socket.unref();
          return answer;
        }
        return undefined;
      } catch {
        // Not what was expected: it is found out what it is.
        socket.destroy();
        return null;
      }
    },
  };
}
