import { ResponseScanner, ResponseTracker, StatementBook } from '../../../src/lib/mysql/index.ts';
import { ResponseKind } from '../../../src/lib/mysql/commands.ts';
import type { RawClient } from '../../support/raw-client.ts';
import type { SqlTarget } from './first-row.ts';
import { CAPABILITIES, openSession, sendQuery } from './raw-session.ts';

/** Reads one large result again and again and makes nothing of it, so that the way is what takes the time. */
export interface ResultReader extends AsyncDisposable {
  /** As it comes over the wire. */
  readonly lengthBytes: number;
  read(): Promise<void>;
  /** Begins to read, stops for a while with the rest of it still to come, and reads that. */
  readWithPause(pause: () => Promise<void>): Promise<void>;
}

/** @param atLeastBytes what less than is an error, and no such result */
export async function createResultReader(target: SqlTarget, sql: string, atLeastBytes: number): Promise<ResultReader> {
  const session = await openSession(target);
  session.socket.removeAllListeners('data');
  const lengthBytes = await findLength(session, sql);
  if (lengthBytes < atLeastBytes) throw new Error(`only ${String(lengthBytes)} bytes came for ${sql}`);

  const readFrom = (onFirst: () => void): Promise<void> => {
    let missing = lengthBytes;
    const whole = receive(session, (chunk) => {
      if (missing === lengthBytes) onFirst();
      missing -= chunk.length;
      return missing <= 0;
    });
    sendQuery(session, sql);
    return whole;
  };
  return {
    lengthBytes,
    read: () => readFrom(() => undefined),
    readWithPause: async (pause) => {
      const begun = Promise.withResolvers<void>();
      const whole = readFrom(() => {
        session.socket.pause();
        begun.resolve();
      });
      await Promise.race([begun.promise, whole]);
      await pause();
      session.socket.resume();
      await whole;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Where the answer ends is read out of it once: it is as long each time. */
async function findLength(session: RawClient, sql: string): Promise<number> {
  const tracker = new ResponseTracker(CAPABILITIES, 0, new StatementBook());
  const scanner = new ResponseScanner(tracker);
  let length = 0;
  tracker.commandSent(ResponseKind.RESULT);
  const whole = receive(session, (chunk) => {
    scanner.scan(chunk);
    length += chunk.length;
    return !tracker.isBusy;
  });
  sendQuery(session, sql);
  await whole;
  return length;
}

/** Until `take` has all that it wants. */
function receive({ socket }: RawClient, take: (chunk: Buffer) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error('the server closed the connection inside a result'));
    const onData = (chunk: Buffer): void => {
      if (!take(chunk)) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve();
    };
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.resume();
  });
}
