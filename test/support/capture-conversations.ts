import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Capabilities } from '../../src/lib/mysql/index.ts';
import { CLIENTS, SCRIPTS, TABLES, type Step } from './conversation-scripts.ts';
import { ROOT_PASSWORD, startMariaDbServer, type MariaDbServer } from './mariadb-server.ts';
import { loginRawClient } from './raw-client.ts';

/**
 * Records what a real server answers, byte by byte: `node test/support/capture-conversations.ts`. To be run for each
 * server version; what it writes is checked in.
 */
export interface Conversation {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Packets of the client, each with all that the server sent before the next one. */
  readonly turns: readonly { readonly client: string; readonly server: string }[];
}

const QUIET_MS = 120;
/** A refused change of user is answered after a second. */
const REFUSAL_MS = 1_500;
await using server = await startMariaDbServer({ serverArguments: ['--local-infile=1'] });
await server.run(...TABLES);
const conversations: Conversation[] = [];
for (const [client, capabilities] of Object.entries(CLIENTS)) {
  for (const [name, steps] of Object.entries(SCRIPTS))
    conversations.push(await record(server, `${name} (${client})`, capabilities, steps));
}
const target = fileURLToPath(new URL('../fixtures/mysql/mariadb-10.11.json', import.meta.url));
writeFileSync(target, `[\n${conversations.map((conversation) => JSON.stringify(conversation)).join(',\n')}\n]\n`);

async function record(
  { host, port }: MariaDbServer,
  name: string,
  capabilities: Capabilities,
  steps: readonly Step[],
): Promise<Conversation> {
  await using client = await loginRawClient({
    host,
    port,
    user: 'root',
    password: ROOT_PASSWORD,
    database: 'shop',
    capabilities,
  });
  const turns: { client: string; server: string }[] = [];
  for (const step of steps) {
    const { payload, sequence } = Buffer.isBuffer(step) ? { payload: step, sequence: 0 } : step;
    client.send(payload, sequence);
    await sleep(name.startsWith('change to') ? REFUSAL_MS : QUIET_MS);
    const header = Buffer.from([payload.length & 0xff, (payload.length >> 8) & 0xff, payload.length >> 16, sequence]);
    turns.push({
      client: Buffer.concat([header, payload]).toString('hex'),
      server: client.takeBytes().toString('hex'),
    });
  }
  return { name, capabilities, turns };
}
