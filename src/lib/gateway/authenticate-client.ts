import type { AccountSnapshot } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { NATIVE_PASSWORD, signedPasswordHash, writeAuthSwitchRequest } from '../mysql/index.ts';
import { askForSignature } from './ask-for-signature.ts';
import { isRelayed, judgeClaim, judgeSigned, looksRelayed, relayOf, type Claim, type Verdict } from './authenticate.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';
import type { Greeted } from './greet.ts';
import type { LoginAttempt } from './throttle.ts';
import { planExchange, type Exchange } from './plan-exchange.ts';
import { barred } from './refusal.ts';
import { turnAway } from './turn-away.ts';

export type Admission = Exclude<Verdict, { kind: 'refused' | 'barred' }>;

/** No account at all, as of a compute that does not exist. */
const NO_ACCOUNTS = { takenAtMs: 0, accounts: [] };

/**
 * Lets the client in by the accounts as they are known, without a server. A running server is asked once more
 * before a refusal: the user may have been made a moment ago. Where it runs anyway, what it can do alone is left to it.
 * @throws ACCESS_DENIED, ACCOUNT_LOCKED, LOGIN_BLOCKED, STATE_CONFLICT
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
  const isOverTls = connection.tls !== null;
  const exchange = planExchange(known, { user, seenAs, isOverTls });
  const isLeft = isRelayed(known, user, seenAs) || looksRelayed(known, user);
  if (exchange === null || (isLeft && (await isAwake()))) return relayOf(known, user, seenAs);

  const answer = exchange.asksNative ? await askForNativePassword(connection, greeted) : null;
  const claim = { user, scramble: greeted.scramble, seenAs, answer, isOverTls };
  let verdict = judgeClaim(known, claim);
  if (verdict.kind === 'refused') verdict = await judgeSignatures(connection, exchange);
  if (isAdmission(verdict)) return verdict;
  const answeredMs = core.clock.monotonicMs();
  // Counted before anything is waited for: of many guesses at once none is judged for free.
  using failure = core.throttle.fail(attempt);
  if (await isAwake()) {
    const fresh = await host.refreshAccounts(gate.computeId);
    const second = fresh === null ? verdict : judgeAgain(fresh, claim, verdict);
    if (isAdmission(second)) {
      failure.forgive();
      return second;
    }
    verdict = second;
  }
  if (verdict.kind === 'barred') {
    failure.forgive();
    throw barred(verdict.bar, user, connection.address);
  }
  const hasPassword = exchange.signatures.length > 0 || (answer?.length ?? 0) > 0;
  throw await turnAway(core, connection, { attempt, hasPassword, answeredMs, failure });
}

/** Until the first that is right. */
async function judgeSignatures({ packets, tls }: ClientConnection, { signatures }: Exchange): Promise<Verdict> {
  for (const { method, account } of signatures) {
    const isRight = await askForSignature(packets, method);
    if (isRight && account !== null) return judgeSigned(account, signedPasswordHash(method), tls !== null);
  }
  return { kind: 'refused' };
}

/** By accounts that were read since. Who has signed is not asked again: the server will. */
function judgeAgain(fresh: AccountSnapshot, claim: Claim, first: Verdict): Verdict {
  if (isRelayed(fresh, claim.user, claim.seenAs)) return relayOf(fresh, claim.user, claim.seenAs);
  const second = judgeClaim(fresh, claim);
  return second.kind === 'refused' && first.kind === 'barred' ? first : second;
}

function isAdmission(verdict: Verdict): verdict is Admission {
  return verdict.kind === 'accepted' || verdict.kind === 'relay';
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
  judgeClaim(NO_ACCOUNTS, { user: attempt.user, scramble: greeted.scramble, seenAs: null, answer, isOverTls: false });
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
