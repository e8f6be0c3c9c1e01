import type { Endpoint, Instance } from '../driver.ts';
import { LOOPBACK } from './free-port.ts';
import { readInstance } from './instance-file.ts';
import type { Layout } from './layout.ts';
import { readServerState } from './server-state.ts';

export async function inspectInstance(layout: Layout, computeId: string): Promise<Instance | null> {
  const record = await readInstance(layout);
  if (record === null) return null;
  const server = await readServerState(layout);
  if (server.kind === 'ended') return { computeId, state: 'parked', endpoint: null, exit: server.exit };
  return { computeId, state: server.kind, endpoint: record.port === null ? null : endpointOn(record.port), exit: null };
}

/** The server sees the agent under the address that both are on. */
export function endpointOn(port: number): Endpoint {
  return { host: LOOPBACK, port, seenAs: LOOPBACK, takesClientAddress: true };
}
