import type { ApiClient, CallOptions } from '../../api/client/index.ts';
import { abortReason, type Clock } from '../../clock.ts';
import type { SqlConnection } from '../../sql/index.ts';
import type { Progress } from '../progress.ts';
import type { Observer } from './observer.ts';

export interface DemoOptions {
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
export async function connectByUrl(url: string, signal: AbortSignal): Promise<SqlConnection> {
  const { connect } = await import('../../sql/index.ts');
  const { hostname, port, username, password, pathname } = new URL(url);
  const address = {
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
  return connect(address, { signal, connectTimeoutMs: CONNECT_TIMEOUT_MS });
}
