import { createDeadline, type Clock } from '../clock.ts';
import type { EndpointObservation } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { EndpointClient } from './create-clients.ts';

/** One look at one endpoint, within its deadline. Never throws. */
export async function lookAt(
  clock: Clock,
  { endpoint, service }: EndpointClient,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<EndpointObservation> {
  const beganMs = clock.monotonicMs();
  const late = (): DozeError => new DozeError('TIMED_OUT', `no answer within ${deadlineMs} ms`);
  using deadline = createDeadline(deadlineMs, late, signal);
  const look = await service.look(deadline.signal);
  const outcome =
    look.kind === 'answered'
      ? ({ kind: 'answered', facts: look.facts } as const)
      : ({ kind: 'failed', fault: look.fault, message: look.message } as const);
  return { endpoint, atMs: clock.wallMs(), latencyMs: clock.monotonicMs() - beganMs, outcome };
}
