import { DozeError } from '../errors/index.ts';

/** The lowest port of the range that no compute has. Whether it is free on the host shows when it is bound. */
export function pickPort(range: { readonly from: number; readonly to: number }, used: ReadonlySet<number>): number {
  for (let port = range.from; port <= range.to; port += 1) {
    if (!used.has(port)) return port;
  }
  throw new DozeError('PORTS_TAKEN', `all ports from ${range.from} to ${range.to} belong to computes`);
}
