import { isIPv6 } from 'node:net';

import type { Clock } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import { FailureBook, type HeldFailure } from './failure-book.ts';

/** Who wants in, and where. */
export interface LoginAttempt {
  readonly address: string;
  /** Of a compute, or of none that exists: such names are counted like all others. */
  readonly computeId: string | null;
  readonly user: string;
}

/**
 * Slows password guessing. A login is judged at once, and its refusal held back, for longer the more there were of the
 * same address, the same account, and both together. While as many are held back as one of them may have, nothing more
 * of it is judged. An address that has been let in to an account answers for its own failures there only: neither
 * guesses from elsewhere nor guesses of its neighbours keep it out.
 *
 * | counted by         | held back at once | is spared by a login that went well |
 * | ------------------ | ----------------- | ----------------------------------- |
 * | address            | 8                 | what comes from it to that account  |
 * | account            | 64                | what comes to it from that address  |
 * | address at account | 8                 | nothing, and begins anew with it    |
 *
 * The latest few thousand of each are remembered.
 */
export interface Throttle {
  /** @throws LOGIN_BLOCKED when it is not judged now */
  admit(attempt: LoginAttempt): void;
  fail(attempt: LoginAttempt): HeldFailure;
  succeed(attempt: LoginAttempt): void;
}

const MAX_HELD = { address: 8, account: 64, pair: 8 } as const;
const MAX_TRUSTED = 4_096;
/** Names of users are shorter; longer ones share what is counted. */
const MAX_NAME_LENGTH = 128;

export function createThrottle(clock: Clock): Throttle {
  const byAddress = new FailureBook(clock);
  const byAccount = new FailureBook(clock);
  const byPair = new FailureBook(clock);
  const trusted = new Set<string>();

  return {
    admit: (attempt) => {
      const { address, account, pair } = keysOf(attempt);
      const isBlocked =
        byPair.heldOf(pair) >= MAX_HELD.pair ||
        (!trusted.has(pair) &&
          (byAddress.heldOf(address) >= MAX_HELD.address || byAccount.heldOf(account) >= MAX_HELD.account));
      if (!isBlocked) return;
      throw new DozeError(
        'LOGIN_BLOCKED',
        `too many logins of '${attempt.user}'@'${attempt.address}' have failed just now; try again in a few seconds`,
      );
    },
    fail: (attempt) => {
      const { address, account, pair } = keysOf(attempt);
      const held = [byPair.fail(pair)];
      if (!trusted.has(pair)) held.push(byAddress.fail(address), byAccount.fail(account));
      return {
        delayMs: Math.max(...held.map(({ delayMs }) => delayMs)),
        forgive: () => held.forEach((failure) => failure.forgive()),
        [Symbol.dispose]: () => held.forEach((failure) => failure[Symbol.dispose]()),
      };
    },
    succeed: (attempt) => {
      const { pair } = keysOf(attempt);
      byPair.forget(pair);
      // Put last: the set's order is that of the last login.
      trusted.delete(pair);
      trusted.add(pair);
      if (trusted.size > MAX_TRUSTED) trusted.delete(trusted.values().next().value ?? pair);
    },
  };
}

function keysOf({ address, computeId, user }: LoginAttempt): Record<'address' | 'account' | 'pair', string> {
  const source = sourceOf(address);
  const account = `${computeId ?? ''}/${user.slice(0, MAX_NAME_LENGTH)}`;
  return { address: source, account, pair: `${source} ${account}` };
}

/** Who has one address of IPv6 has the network of 64 bits that it is in. */
export function sourceOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [before = '', after] = address.split('%')[0]?.split('::') ?? [];
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
