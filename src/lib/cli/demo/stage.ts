import type { ApiClient, CallOptions, Connection } from '../../api/client/index.ts';
import { abortReason, type Clock } from '../../clock.ts';
import type { SqlConnection } from '../../sql/index.ts';
import type { Progress } from '../progress.ts';
import { clientTls } from '../sql/client-tls.ts';
import type { Observer } from './observer.ts';

export interface DemoOptions {
  readonly project: string;
  /** Whether it is on another machine, and clients speak TLS where they can. */
  readonly isRemote: boolean;
  readonly driver: 'auto' | 'docker' | 'process';
  readonly rows: number;
  readonly suspendAfterMs: number;
  readonly wakes: number;
  readonly keep: boolean;
}

export interface DemoDeps {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly call: CallOptions;
  readonly signal: AbortSignal;
}

/** What the steps of one demo share. */
export interface Stage extends DemoDeps {
  readonly name: string;
  readonly options: DemoOptions;
  readonly observer: Observer;
  /** Operations that go on in the agent whether or not the demo waits for them. */
  readonly underWay: Promise<unknown>[];
}

/** Of demos, unless the only project that one may use is another. */
export const DEMO_PROJECT = 'demo';
/** Rejects with the signal's reason, and never resolves. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

const CONNECT_TIMEOUT_MS = 60_000;

/** As an application would: by nothing but the URL. */
export async function connectByUrl(target: Connection, { options, signal }: Stage): Promise<SqlConnection> {
  const { connect } = await import('../../sql/index.ts');
  const { hostname, port, username, password, pathname } = new URL(target.url);
  const address = {
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
  const tls = clientTls(target, options.isRemote);
  return connect(address, { signal, connectTimeoutMs: CONNECT_TIMEOUT_MS, ...(tls !== null && { tls }) });
}
