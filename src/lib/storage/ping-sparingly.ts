import type { HttpCall, HttpClient, HttpOutcome } from './http-client.ts';

export interface PingAndMetrics {
  readonly ping: HttpOutcome;
  readonly metrics: HttpOutcome;
}

export interface PingSparinglyOptions {
  readonly ping: HttpCall;
  readonly metrics: HttpCall;
  /** Whether an answer says all that changes from look to look. */
  readonly saysAll: (metrics: unknown) => boolean;
}

/** At the usual pace a minute: a server that was replaced in between may be of another version. */
const LOOKS_PER_PING = 12;

/**
 * Metrics at each look, and a ping only where they do not do: most of the CPU of watching many endpoints is that of
 * the requests. What fails is not asked for again within a look.
 */
export function pingSparingly(
  http: HttpClient,
  { ping, metrics, saysAll }: PingSparinglyOptions,
): (signal: AbortSignal) => Promise<PingAndMetrics> {
  let lastPing: HttpOutcome | null = null;
  let looksLeft = 0;

  const isEnough = (outcome: HttpOutcome): boolean => outcome.kind === 'answered' && saysAll(outcome.json);

  const askBoth = async (signal: AbortSignal): Promise<PingAndMetrics> => {
    const [pinged, measured] = await Promise.all([http.call(ping, signal), http.call(metrics, signal)]);
    lastPing = pinged.kind === 'answered' && isEnough(measured) ? pinged : null;
    looksLeft = LOOKS_PER_PING - 1;
    return { ping: pinged, metrics: measured };
  };

  return async (signal) => {
    if (lastPing === null || looksLeft <= 0) return askBoth(signal);
    looksLeft -= 1;
    const measured = await http.call(metrics, signal);
    if (isEnough(measured)) return { ping: lastPing, metrics: measured };
    lastPing = null;
    return { ping: await http.call(ping, signal), metrics: measured };
  };
}
