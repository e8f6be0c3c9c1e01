import { createHash } from 'node:crypto';

import { AGENT_USER, type Account, type AccountSnapshot, type AuthMethod } from '../domain/index.ts';
import type { SigningMethod } from '../mysql/index.ts';

/**
 * No client can log in with these through a gateway, so a wake would be in vain: they want a local connection, or
 * (mysql_old_password) use the scramble of the greeting, which was the gateway's.
 */
const NOT_RELAYABLE: ReadonlySet<string> = new Set(['unix_socket', 'named_pipe', 'mysql_old_password']);

/** An account that stands in for one that does not exist; null when there is none to choose from. */
export function decoyFor({ accounts }: AccountSnapshot, user: string): Account | null {
  const open = accounts.filter((account) => account.user !== AGENT_USER && account.user !== '' && isOpen(account));
  const number = createHash('sha256').update(user).digest().readUInt32BE();
  return open[number % open.length] ?? null;
}

/**
 * What a user that does not exist is asked in the place of its decoy: with a salt of its own, as two accounts never have
 * the same one, and always the same one for the same name. Nobody else can tell it from a real one: the decoy's key is secret.
 */
export function standIn(method: SigningMethod, user: string): SigningMethod {
  if (method.plugin === 'ed25519') return method;
  const { salt, publicKey } = method;
  const bytes = createHash('sha256').update(publicKey).update(user).digest().subarray(0, salt.bytes.length);
  return { ...method, salt: { ...salt, bytes } };
}

export function isRelayable({ plugin }: AuthMethod): boolean {
  return !NOT_RELAYABLE.has(plugin);
}

/** Whether some client could log in to it from elsewhere. */
function isOpen({ host, methods }: Account): boolean {
  return host !== 'localhost' && methods.some(isRelayable);
}
