import { needsServerTls, type AccountSnapshot, type Compute } from '../domain/index.ts';
import { deriveServerIdentity, type ServerIdentity } from '../x509/index.ts';
import { knownAccounts } from './account-cache.ts';
import type { Core } from './core.ts';

/** One snapshot is of one compute. */
const identities = new WeakMap<AccountSnapshot, ServerIdentity | null>();

/**
 * What a compute's server speaks TLS with; null where no account of it needs that, as it makes each start 4 ms longer. An image
 * that starts its server by itself is not told.
 */
export function identityOf(core: Core, compute: Compute): ServerIdentity | null {
  const accounts = compute.storage === undefined ? knownAccounts(core, compute.id) : null;
  if (accounts === null) return null;
  let identity = identities.get(accounts);
  if (identity === undefined) {
    const secrets = needsServerTls(accounts) ? core.store.getSecrets(compute.id) : null;
    identity = secrets === null ? null : deriveServerIdentity(secrets.agentPassword, compute.id);
    identities.set(accounts, identity);
  }
  return identity;
}
