import type { Clock } from '../../clock.ts';
import { DozeError } from '../../errors/index.ts';
import type { SendOutcome } from './send-batch.ts';

export interface DeliveryDeps {
  readonly clock: Pick<Clock, 'sleep'>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly send: (body: string, signal: AbortSignal) => Promise<SendOutcome>;
  /** For people, without a secret. */
  readonly receiver: string;
  readonly onProgress: (message: string) => void;
}

const MAX_ATTEMPTS = 8;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

/**
 * Sends a batch until the receiver has it. @returns how often it was sent in vain
 * @throws PUSH_REFUSED, PUSH_FAILED, the signal's reason
 */
export async function deliver(body: string, deps: DeliveryDeps, signal: AbortSignal): Promise<number> {
  const { clock, random, send, receiver, onProgress } = deps;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await send(body, signal);
    if (outcome.kind === 'accepted') return attempt - 1;
    if (outcome.kind === 'refused') throw refused(receiver, outcome);
    if (attempt === MAX_ATTEMPTS) throw failed(receiver, outcome.why);
    const waitMs = Math.max(outcome.afterMs ?? 0, backoffMs(attempt, random()));
    onProgress(`${receiver}: ${outcome.why}; trying again in ${(waitMs / 1000).toFixed(1)} s`);
    await clock.sleep(waitMs, signal);
  }
}

/** Twice as long each time, and anything from half of that, so that senders which failed together do not come together. */
function backoffMs(attempt: number, random: number): number {
  const longestMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(longestMs / 2 + (longestMs / 2) * random);
}

function refused(receiver: string, { status, says }: Extract<SendOutcome, { kind: 'refused' }>): DozeError {
  const words = says === '' ? '' : `: ${says}`;
  return new DozeError('PUSH_REFUSED', `${receiver} refused the usage with status ${status}${words}`, {
    hint: hintOf(status),
    details: { receiver, status },
  });
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'give its secret: doze usage push --to URL --secret-file FILE';
  if (status >= 300 && status < 400) return 'give the address that it redirects to: doze usage push --to URL';
  if (status === 413) return 'send less at once: doze usage push --to URL --batch 100';
  return 'check the address; nothing is lost, and doze usage push goes on where it stopped';
}

function failed(receiver: string, why: string): DozeError {
  return new DozeError('PUSH_FAILED', `${receiver} did not take the usage after ${MAX_ATTEMPTS} attempts: ${why}`, {
    hint: 'nothing is lost: the same doze usage push goes on where it stopped',
    details: { receiver },
  });
}
