import type { Account } from '../domain/index.ts';
import { hostGenerality, matchesHost } from './host-pattern.ts';

/**
 * The accounts that could be the one the server takes for this user, likeliest first. With the address known that is
 * one, as the server never tries a second account; several only where its own order is undefined (an address and a
 * network that contains it are equally specific to it). While the address is not known (the server never ran
 * under this agent), every account that an address could match is possible.
 */
export function candidateAccounts(
  accounts: readonly Account[],
  user: string,
  address: string | null,
): readonly Account[] {
  const ordered = accounts
    .filter((account) => account.user === user || account.user === '')
    .filter((account) => (address === null ? account.host !== 'localhost' : matchesHost(account.host, address)))
    .toSorted(compareSpecificity);
  const [first] = ordered;
  if (address === null || first === undefined) return ordered;
  return ordered.filter((account) => compareSpecificity(account, first) === 0);
}

/** The server's order: by host, the most specific first; named accounts before anonymous ones of the same host. */
function compareSpecificity(left: Account, right: Account): number {
  const difference = hostGenerality(left.host) - hostGenerality(right.host);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return Number(left.user === '') - Number(right.user === '');
}
