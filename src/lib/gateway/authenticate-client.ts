import { DozeError } from '../errors/index.ts';
import { NATIVE_PASSWORD, writeAuthSwitchRequest } from '../mysql/index.ts';
import { isRelayed, judgeClaim, looksRelayed, type Verdict } from './authenticate.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';
import type { Greeted } from './greet.ts';
import type { LoginAttempt } from './throttle.ts';
import { turnAway } from './turn-away.ts';

export type Admission = Exclude<Verdict, { kind: 'refused' }>;

/** No account at all, as of a compute that does not exist. */
const NO_ACCOUNTS = { takenAtMs: 0, accounts: [] };

/**
 * Lets the client in by the accounts as they are known, without a server. A running server is asked once more
 * before a refusal: the user may have been made a moment ago.
 * @throws ACCESS_DENIED, LOGIN_BLOCKED, STATE_CONFLICT
 */
export async function authenticateClient(
  core: Core,
  gate: ComputeGate,
  connection: ClientConnection,
  greeted: Greeted,
  attempt: LoginAttempt,
): Promise<Admission> {
  const host = requireHost(core);
  core.throttle.admit(attempt);
  const known = (await host.accounts(gate.computeId)) ?? (await host.refreshAccounts(gate.computeId));
  if (known === null) throw noAccounts(gate);
  const { user } = attempt;
  const seenAs = addressAtServer(gate, connection);
  const isAwake = async (): Promise<boolean> => (await host.activeEndpoint(gate.computeId)) !== null;
  if (isRelayed(known, user, seenAs) || (looksRelayed(known, user) && (await isAwake()))) return { kind: 'relay' };

  const answer = await askForNativePassword(connection, greeted);
  const answeredMs = core.clock.monotonicMs();
  const claim = { user, scramble: greeted.scramble, seenAs, answer };
  const verdict = judgeClaim(known, claim);
  if (verdict.kind !== 'refused') return verdict;
  // Counted before anything is waited for: of many guesses at once none is judged for free.
  using failure = core.throttle.fail(attempt);
  if (await isAwake()) {
    const fresh = await host.refreshAccounts(gate.computeId);
    const second = fresh === null ? verdict : judgeClaim(fresh, claim);
    if (second.kind !== 'refused') {
      failure.forgive();
      return second;
    }
  }
  throw await turnAway(core, connection, { attempt, hasPassword: answer.length > 0, answeredMs, failure });
}

/** What host patterns of accounts are matched with; null while it is not known which address the server will see. */
function addressAtServer({ seenAs }: ComputeGate, connection: ClientConnection): string | null {
  return seenAs?.kind === 'client' ? connection.address : (seenAs?.address ?? null);
}

/** For a client that means no compute there is: as for a user that does not exist. @throws LOGIN_BLOCKED */
export async function refuseStranger(
  core: Core,
  connection: ClientConnection,
  greeted: Greeted,
  attempt: LoginAttempt,
): Promise<DozeError> {
  core.throttle.admit(attempt);
  const answer = await askForNativePassword(connection, greeted);
  const answeredMs = core.clock.monotonicMs();
  judgeClaim(NO_ACCOUNTS, { user: attempt.user, scramble: greeted.scramble, seenAs: null, answer });
  return turnAway(core, connection, { attempt, hasPassword: answer.length > 0, answeredMs });
}

/** The answer that came with the login, if it is one to this method; else it is asked for. */
async function askForNativePassword({ packets }: ClientConnection, { response, scramble }: Greeted): Promise<Buffer> {
  if (response.plugin === null || response.plugin === NATIVE_PASSWORD) return response.authResponse;
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
