import { hasCode } from '../../src/lib/errors/index.ts';
import {
  candidateAccounts,
  CommandScanner,
  PacketDecoder,
  parseKill,
  readAuthSwitchRequest,
  readChangeUser,
  readEof,
  readErr,
  readGreeting,
  readHandshakeResponse,
  readOk,
  readProgressReport,
  ResponseScanner,
  ResponseTracker,
  StatementBook,
  Stop,
  type Capabilities,
} from '../../src/lib/mysql/index.ts';
import { createRandom, mutate } from './mutate.ts';
import { readCorpus } from './corpus.ts';

/**
 * Mutated packets through everything that reads bytes: `node test/fuzz/decoder.ts [iterations] [seed]`. Throws
 * on anything but a PROTOCOL_ERROR, and on a session that is taken for idle while bytes are owed.
 */
export function fuzzDecoder(iterations: number, seed: number): { readonly packets: number; readonly refused: number } {
  const random = createRandom(seed);
  // Most samples are refused, and a stack for each would be most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const corpus = readCorpus();
  let packets = 0;
  let refused = 0;
  for (let i = 0; i < iterations; i++) {
    const sample = corpus[random(corpus.length)]!;
    const bytes = mutate(Buffer.from(sample.bytes), random);
    packets += 1;
    refused += readWithAll(bytes) ? 1 : 0;
    follow(sample.capabilities, bytes, random);
  }
  Error.stackTraceLimit = stackTraceLimit;
  return { packets, refused };
}

const READERS = [
  readAuthSwitchRequest,
  readChangeUser,
  readEof,
  readErr,
  readGreeting,
  readHandshakeResponse,
  readOk,
  readProgressReport,
  parseKill,
];

function readWithAll(bytes: Buffer): boolean {
  let isRefused = false;
  const attempt = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      if (!hasCode(error, 'PROTOCOL_ERROR')) throw error;
      isRefused = true;
    }
  };
  for (const read of READERS) attempt(() => read(bytes));
  attempt(() => {
    const decoder = new PacketDecoder(1_024);
    decoder.push(bytes);
    while (decoder.next() !== null);
  });
  candidateAccounts([], bytes.toString('latin1'), null);
  return isRefused;
}

/** Both directions get the same garbage, whole and byte by byte: they must come to the same state. */
function follow(capabilities: Capabilities, bytes: Buffer, random: (below: number) => number): void {
  const whole = createFollower(capabilities);
  const cut = createFollower(capabilities);
  const command = Buffer.from([1 + random(3), 0, 0, 0, random(256), random(256)]);
  for (const follower of [whole, cut]) follower.send(command);
  whole.responses.scan(bytes);
  for (const byte of bytes) cut.responses.scan(Uint8Array.of(byte));
  const [left, right] = [whole, cut].map(({ tracker, responses }) =>
    [
      tracker.isBusy,
      tracker.isLost,
      tracker.status,
      tracker.pendingCount,
      tracker.isReadingFile,
      responses.isAtBoundary,
      responses.isAtBoundary && responses.sequence,
    ].join(),
  );
  if (left !== right)
    throw new Error(`cut differently, read differently: ${bytes.toString('hex')} ${left ?? ''} ${right ?? ''}`);
  whole.send(bytes);
}

function createFollower(capabilities: Capabilities) {
  const book = new StatementBook();
  const tracker = new ResponseTracker(capabilities, 2, book);
  const commands = new CommandScanner(tracker, book);
  const send = (chunk: Buffer): void => {
    for (let at = 0; at < chunk.length;) {
      const stop = commands.scan(chunk, at);
      if (stop !== Stop.INSPECT) return;
      commands.inspected(chunk[commands.stoppedAt + 4] ?? 0, 0);
      at = commands.stoppedAt + 4 + chunk.readUIntLE(commands.stoppedAt, 3);
    }
  };
  return { tracker, commands, responses: new ResponseScanner(tracker), send };
}

if (import.meta.main) {
  const iterations = Number(process.argv[2] ?? 10_000_000);
  const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
  process.stdout.write(`${String(iterations)} mutated packets, seed ${String(seed)}\n`);
  const { packets, refused } = fuzzDecoder(iterations, seed);
  process.stdout.write(`${String(packets)} read, ${String(refused)} refused by at least one reader, nothing broke\n`);
}
