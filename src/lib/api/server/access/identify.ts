import type { Clock } from '../../../clock.ts';
import { isTokenSecret, type Token, type TokenState } from '../../../domain/index.ts';
import { DozeError } from '../../../errors/index.ts';
import { FailureBook, sourceOf } from '../../../gateway/index.ts';
import type { Caller, TokenBook } from '../../access.ts';
import { createRateLimiter } from './rate-limit.ts';

/**
 * Who asks from elsewhere: null is anybody.
 * @param address of the peer
 * @param authorization the header; undefined where there is none
 * @param isOpen what is asked for is for anybody
 * @throws TOKEN_REFUSED, RATE_LIMITED
 */
export type Identify = (address: string, authorization: string | undefined, isOpen: boolean) => Promise<Caller | null>;

/** Burst and rate of an address: those behind one address may be several. */
const ADDRESS_FACTOR = 2;
const BURST_SECONDS = 4;
/** Failures of one address that are held back at once. */
const MAX_HELD = 8;
const HELD_RETRY_MS = 2_000;

/**
 * Each address has its requests counted before anything is looked at, and each token after that. What was not let in is
 * answered late: at once three times in a minute, then after 100 ms, 200, up to 2 s. No other address is slowed by it, and
 * neither is who comes from there with a valid token: nobody can guess 256 bits, so it is the work that is bounded here.
 *
 * | the secret is             | the answer, after the same hash and the same look | why                                      |
 * | ------------------------- | ------------------------------------------------- | ---------------------------------------- |
 * | missing, or not of a form | 401: a token is needed                            | says nothing that the address does not   |
 * | unknown                   | 401: no such token                                |                                          |
 * | that of an expired one    | 401: it has expired, when                         | only who has the whole secret hears this |
 * | that of a revoked one     | 401: it was revoked, when                         | the same: it is its owner, or a thief    |
 */
export function createIdentify(tokens: TokenBook, clock: Clock, perSecond: number): Identify {
  const addresses = createRateLimiter(clock, rateOf(perSecond * ADDRESS_FACTOR));
  const holders = createRateLimiter(clock, rateOf(perSecond));
  const failures = new FailureBook(clock);

  async function refuse(source: string, error: DozeError): Promise<never> {
    if (failures.heldOf(source) >= MAX_HELD)
      throw tooMany(HELD_RETRY_MS, 'this address, with tokens that are not valid');
    using held = failures.fail(source);
    await clock.sleep(held.delayMs);
    throw error;
  }

  return async (address, authorization, isOpen) => {
    const from = plainAddress(address);
    const source = sourceOf(from);
    requireTurn(addresses.take(source), 'this address');
    if (isOpen) return null;
    const secret = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? null;
    const found = secret !== null && isTokenSecret(secret) ? tokens.find(secret) : null;
    if (found?.state !== 'valid') return await refuse(source, refusalOf(secret !== null, found));
    const { token } = found;
    requireTurn(holders.take(token.id), `the token "${token.name}"`);
    tokens.noteUse(token, from);
    return { kind: 'token', token, from };
  };
}

function rateOf(perSecond: number) {
  return { perSecond, burst: perSecond * BURST_SECONDS };
}

function requireTurn(waitMs: number, whose: string): void {
  if (waitMs > 0) throw tooMany(waitMs, whose);
}

function tooMany(waitMs: number, whose: string): DozeError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new DozeError('RATE_LIMITED', `too many requests come from ${whose}`, {
    hint: `try again in ${retryAfterSeconds} s; on the machine of the agent: doze config set apiRate NUMBER`,
    details: { retryAfterSeconds },
  });
}

function refusalOf(isGiven: boolean, found: { readonly token: Token; readonly state: TokenState } | null): DozeError {
  if (!isGiven) {
    return refusal(
      'missing',
      'this agent answers to nobody without a token',
      'doze context add NAME URL, or set DOZE_TOKEN',
    );
  }
  if (found === null) {
    return refusal(
      'unknown',
      'there is no such token at this agent',
      'doze context show (for which agent it was made)',
    );
  }
  const { name, revokedAtMs, expiresAtMs } = found.token;
  const hint = 'on the machine of the agent: doze token create NAME, then here: doze context add with it';
  return found.state === 'revoked'
    ? refusal('revoked', `the token "${name}" was revoked${at(revokedAtMs)}`, hint)
    : refusal('expired', `the token "${name}" expired${at(expiresAtMs)}`, hint);
}

function at(ms: number | null): string {
  return ms === null ? '' : ` at ${new Date(ms).toISOString()}`;
}

function refusal(reason: string, message: string, hint: string): DozeError {
  return new DozeError('TOKEN_REFUSED', message, { hint, details: { reason } });
}

/** One of IPv4, as a socket of IPv6 has it, is still one of IPv4. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
