import type { Arrival } from '../arrival.ts';
import { requireHost, type Core } from '../core.ts';
import type { ConnectStep } from './connect-book.ts';

/**
 * Whether a client is let in without its server: that sleeps, the gateway itself has checked the password, and the server
 * is known to welcome just this login. Nothing is woken: many clients only come to have a connection, or to see that
 * there is one.
 * @returns what it is to be told
 */
export async function comeInEarly(
  core: Core,
  { gate, admission, greeted, user }: Arrival,
): Promise<ConnectStep | null> {
  if (admission.kind !== 'accepted' || gate.state !== 'asleep') return null;
  const step = gate.connects.find(user, greeted.response);
  if (step === null) return null;
  const { holds } = gate;
  const active = await requireHost(core).activeEndpoint(gate.computeId);
  return active === null && gate.holds === holds ? step : null;
}
