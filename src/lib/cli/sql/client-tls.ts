import type { Connection } from '../../api/client/index.ts';

/** How a client makes sure that it talks to the gateway and that nobody listens. */
export interface ClientTls {
  /** The only certificate that is trusted, in PEM, as the agent said over its own connection; null asks the authorities. */
  readonly authority: string | null;
}

/** On this machine only where it is demanded; to another one whenever the gateway speaks it. Null is plain. */
export function clientTls({ tls: { mode, authority } }: Connection, isRemote: boolean): ClientTls | null {
  return mode === 'required' || (isRemote && mode !== 'off') ? { authority } : null;
}
