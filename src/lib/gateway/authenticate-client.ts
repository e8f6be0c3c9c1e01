import type { AccountSnapshot } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { NATIVE_PASSWORD, writeAuthSwitchRequest } from '../mysql/index.ts';
import { isRelayed, judgeClaim, type Verdict } from './authenticate.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';
import type { Greeted } from './greet.ts';
import { accessDenied } from './refusal.ts';

export type Admission = Exclude<Verdict, { kind: 'refused' }>;

/**
 * Lets the client in by the accounts as they are known, without a server. A running server is asked once more
 * before a refusal: the user may have been made a moment ago.
 * @throws ACCESS_DENIED, STATE_CONFLICT
 */
export async function authenticateClient(
  core: Core,
  gate: ComputeGate,
  connection: ClientConnection,
  { scramble, response }: Greeted,
  user: string,
): Promise<Admission> {
  const host = requireHost(core);
  const known = (await host.accounts(gate.computeId)) ?? (await host.refreshAccounts(gate.computeId));
  if (known === null) throw noAccounts(gate);
  const seenAs = addressAtServer(gate, connection);
  const claim = { user, scramble, seenAs };
  if (isRelayed(known, user, seenAs)) return { kind: 'relay' };

  const isNative = response.plugin === null || response.plugin === NATIVE_PASSWORD;
  const answer = isNative ? response.authResponse : await askForNativePassword(connection, scramble);
  let verdict = judgeClaim(known, { ...claim, answer });
  if (verdict.kind === 'refused' && (await host.activeEndpoint(gate.computeId)) !== null) {
    const fresh: AccountSnapshot | null = await host.refreshAccounts(gate.computeId);
    if (fresh !== null) verdict = judgeClaim(fresh, { ...claim, answer });
  }
  if (verdict.kind !== 'refused') return verdict;
  await core.clock.sleep(core.throttle.recordFailure(connection.address), connection.signal);
  throw accessDenied(user, connection.address, answer.length > 0);
}

/** What host patterns of accounts are matched with; null while it is not known which address the server will see. */
function addressAtServer({ seenAs }: ComputeGate, connection: ClientConnection): string | null {
  return seenAs?.kind === 'client' ? connection.address : (seenAs?.address ?? null);
}

async function askForNativePassword({ packets }: ClientConnection, scramble: Buffer): Promise<Buffer> {
  packets.write(writeAuthSwitchRequest({ plugin: NATIVE_PASSWORD, data: scramble }));
  return (await packets.read()).payload;
}

function noAccounts(gate: ComputeGate): DozeError {
  return new DozeError(
    'STATE_CONFLICT',
    `compute "${gate.name}" has not been started yet, so nobody can log in to it`,
    {
      hint: `doze compute resume ${gate.name}`,
    },
  );
}
