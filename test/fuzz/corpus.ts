import { readFileSync } from 'node:fs';

import type { Capabilities } from '../../src/lib/mysql/index.ts';

/** What one side of a real conversation said in one turn. */
export interface Sample {
  readonly bytes: Buffer;
  readonly side: 'client' | 'server';
  readonly capabilities: Capabilities;
}

interface Recorded {
  readonly capabilities: Capabilities;
  readonly turns: readonly { readonly client: string; readonly server: string }[];
}

/** @returns everything short that was said in the recorded conversations */
export function readCorpus(): readonly Sample[] {
  const fixture = new URL('../fixtures/mysql/mariadb-10.11.json', import.meta.url);
  const conversations = JSON.parse(readFileSync(fixture, 'utf8')) as Recorded[];
  return conversations
    .flatMap(({ capabilities, turns }) =>
      turns.flatMap(({ client, server }) => [
        { capabilities, side: 'client' as const, bytes: Buffer.from(client, 'hex') },
        { capabilities, side: 'server' as const, bytes: Buffer.from(server, 'hex') },
      ]),
    )
    .filter(({ bytes }) => bytes.length > 0 && bytes.length < 4_096);
}
