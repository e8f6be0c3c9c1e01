import type { EndpointFacts, StorageFault } from '../domain/index.ts';
import type { HttpOutcome } from './http-client.ts';

/** What one look at an endpoint gave. */
export type Look =
  | { readonly kind: 'answered'; readonly facts: EndpointFacts }
  | { readonly kind: 'failed'; readonly fault: StorageFault; readonly message: string };

/** The HTTP surface of one service in one flavour. */
export interface ServiceClient {
  /** All that its health is judged by, in as few requests as there are. Never throws. */
  look(signal: AbortSignal): Promise<Look>;
}

export function failed({ fault, message }: Extract<HttpOutcome, { kind: 'failed' }>): Look {
  return { kind: 'failed', fault, message };
}

export function wrongService(message: string): Look {
  return { kind: 'failed', fault: 'wrongService', message };
}
