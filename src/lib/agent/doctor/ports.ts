import type { Check } from '../../api/index.ts';
import type { PortRange } from '../../config/index.ts';
import { failed, ok, warning } from './check.ts';

export interface PortFacts {
  readonly host: string;
  readonly wantedSharedPort: number;
  /** The one really bound. */
  readonly sharedPort: number;
  readonly range: PortRange;
  /** Of the computes there are. */
  readonly used: readonly number[];
}

export function checkPorts({ host, wantedSharedPort, sharedPort, range, used }: PortFacts): Check {
  const size = range.to - range.from + 1;
  const free = size - used.filter((port) => port >= range.from && port <= range.to).length;
  const summary = `shared port ${host}:${sharedPort}, ${free} of ${size} ports from ${range.from} to ${range.to} free`;
  if (free <= 0) return failed('ports', summary, `doze config set gatewayPorts ${range.from}-${range.to + size}`);
  if (sharedPort !== wantedSharedPort) {
    return warning(
      'ports',
      `${summary}; ${wantedSharedPort} was taken by another program when the agent first asked for it`,
      `doze config set sharedPort ${sharedPort}`,
    );
  }
  return ok('ports', summary);
}
