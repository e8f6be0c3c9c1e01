import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  CommandScanner,
  ResponseScanner,
  ResponseTracker,
  StatementBook,
  Stop,
  type Capabilities,
} from '../../../src/lib/mysql/index.ts';

interface Conversation {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly turns: readonly { readonly client: string; readonly server: string }[];
}

const fixture = new URL('../../fixtures/mysql/mariadb-10.11.json', import.meta.url);
const conversations = JSON.parse(readFileSync(fixture, 'utf8')) as Conversation[];
const AUTOCOMMIT = 2;

function follow({ capabilities }: Conversation) {
  const book = new StatementBook();
  const tracker = new ResponseTracker(capabilities, AUTOCOMMIT, book);
  const commands = new CommandScanner(tracker, book);
  return { tracker, commands, responses: new ResponseScanner(tracker) };
}

/** Whole packets of the client: an inspected one is passed as it is. */
function sendWhole(commands: CommandScanner, packet: Buffer): void {
  if (commands.scan(packet, 0) === Stop.INSPECT) commands.inspected(packet.readUInt8(4), packet.readUInt8(3));
}

describe('conversations recorded from MariaDB 10.11', () => {
  it.each(conversations)('are followed to their end: $name', (conversation) => {
    const { tracker, commands, responses } = follow(conversation);
    for (const { client, server } of conversation.turns) {
      sendWhole(commands, Buffer.from(client, 'hex'));
      const bytes = Buffer.from(server, 'hex');
      // Until its last byte came the command is in flight; afterwards it is not.
      if (bytes.length > 0 && !tracker.isAuthenticating) expect(tracker.isBusy).toBe(true);
      responses.scan(bytes);
      expect(tracker.isLost).toBe(false);
      expect(responses.isAtBoundary).toBe(true);
      expect(tracker.isBusy).toBe(
        tracker.isReadingFile || tracker.isAuthenticating || (bytes.length === 0 && expectsMore(client)),
      );
    }
    expect(tracker.isBusy).toBe(false);
  });

  it('are followed alike however they are cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...conversations),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        (conversation, sizes) => {
          const whole = follow(conversation);
          const cut = follow(conversation);
          for (const { client, server } of conversation.turns) {
            sendWhole(whole.commands, Buffer.from(client, 'hex'));
            sendWhole(cut.commands, Buffer.from(client, 'hex'));
            const bytes = Buffer.from(server, 'hex');
            whole.responses.scan(bytes);
            for (let at = 0; at < bytes.length;) {
              const end = Math.min(bytes.length, at + Number(sizes.next().value));
              // A copy that is overwritten: nothing of a chunk may be kept.
              const chunk = Buffer.from(bytes.subarray(at, end));
              cut.responses.scan(chunk);
              chunk.fill(0xfe);
              at = end;
              if (at < bytes.length) expect(cut.tracker.isBusy || !cut.responses.isAtBoundary).toBe(true);
            }
            expect(stateOf(cut)).toEqual(stateOf(whole));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('show an open transaction from its first statement to its end', () => {
    for (const conversation of conversations.filter(({ name }) => name.startsWith('transaction'))) {
      const { tracker, commands, responses } = follow(conversation);
      const seen = conversation.turns.map(({ client, server }) => {
        sendWhole(commands, Buffer.from(client, 'hex'));
        responses.scan(Buffer.from(server, 'hex'));
        return tracker.isInTransaction;
      });
      // START TRANSACTION opens one; without autocommit the first SELECT does.
      expect(seen).toEqual(conversation.name.includes('without') ? [false, true, false] : [true, true, false]);
    }
  });

  it('are never taken for idle before they are, when a client sends all its commands ahead', () => {
    for (const conversation of conversations) {
      if (/infile|change/.test(conversation.name)) continue;
      const { tracker, commands, responses } = follow(conversation);
      for (const { client } of conversation.turns) sendWhole(commands, Buffer.from(client, 'hex'));
      const answers = Buffer.concat(conversation.turns.map(({ server }) => Buffer.from(server, 'hex')));
      responses.scan(answers.subarray(0, -1));
      expect(tracker.isBusy || !responses.isAtBoundary).toBe(true);
      responses.scan(answers.subarray(-1));
      expect(tracker.isBusy).toBe(false);
      expect(tracker.isLost).toBe(false);
    }
  });
});

/** A client's packet that the server says nothing to, and yet owes an answer for: a part of a file. */
function expectsMore(client: string): boolean {
  return client.slice(6, 8) !== '00';
}

function stateOf({ tracker, responses }: ReturnType<typeof follow>) {
  const { isBusy, isLost, status, pendingCount, isReadingFile } = tracker;
  return {
    isBusy,
    isLost,
    status,
    pendingCount,
    isReadingFile,
    isAtBoundary: responses.isAtBoundary,
    sequence: responses.sequence,
  };
}
