import type { Socket } from 'node:net';

import type { PortRequest } from '../control/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import type { Core } from './core.ts';
import { gateOf } from './find-compute.ts';
import { listen, type Listener, type PortRange } from './listener.ts';
import { serveClient } from './serve-client.ts';

/** The ports of a gateway: the shared one, and those of computes. */
export interface Listeners {
  /** 0 until it is open. */
  readonly sharedPort: number;
  /** @param joined see `Gateway.start` */
  openShared(joined?: number): Promise<void>;
  open(compute: PortRequest, isJoined: boolean): Promise<number>;
  /** Null when it has none. */
  take(computeId: string): Listener | null;
  /** All of them are free for others when it returns. */
  close(): Promise<void>;
}

const SHARED_PORT_TRIES = 100;
const MAX_PORT = 65_535;

export function createListeners(core: Core): Listeners {
  const { options } = core;
  const listeners = new Map<string, Listener>();
  let shared: Listener | null = null;

  const listenOn = (where: Where, own: ComputeGate | null): Promise<Listener> => {
    const { port, isJoined } = where;
    const sharing = options.sharesPorts ? (isJoined ? 'join' : 'first') : 'no';
    return listen({
      host: options.listenHost,
      port,
      ports: isJoined ? { from: port, to: port } : where.ports,
      sharing,
      onConnection: (socket: Socket) => void serveClient(core, socket, own),
    });
  };

  return {
    get sharedPort() {
      return shared?.port ?? 0;
    },
    openShared: async (joined) => {
      const port = joined ?? options.sharedPort;
      shared = await listenOn({ port, ports: portsAfter(port), isJoined: joined !== undefined }, null);
    },
    open: async (request, isJoined) => {
      const known = listeners.get(request.id);
      if (known !== undefined) return known.port;
      const own = gateOf(core, { computeId: request.id, name: request.name });
      const listener = await listenOn({ port: request.port, ports: options.ports, isJoined }, own);
      listeners.set(request.id, listener);
      return listener.port;
    },
    take: (computeId) => {
      const listener = listeners.get(computeId) ?? null;
      listeners.delete(computeId);
      return listener;
    },
    close: async () => {
      const all = [...listeners.values()];
      if (shared !== null) all.push(shared);
      await Promise.all(all.map((listener) => listener.close()));
    },
  };
}

interface Where {
  readonly port: number;
  /** Where to look for another one, unless it has to be that. */
  readonly ports: PortRange;
  readonly isJoined: boolean;
}

/** Where to look when the shared port is taken: not among the computes' own ports, whose addresses are to be stable. */
function portsAfter(port: number): PortRange {
  return { from: port, to: Math.min(port + SHARED_PORT_TRIES, MAX_PORT) };
}
