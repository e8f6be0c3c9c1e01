import type { Account, AccountSnapshot } from '../domain/index.ts';
import { parseSigningMethod, type SigningMethod } from '../mysql/index.ts';
import { candidatesFor, isOnlyKnownToServer, lacksNative, type Claim } from './authenticate.ts';
import { decoyFor, standIn } from './decoy.ts';

/** What a client is asked, in this order, so that the gateway can tell by itself whether it may come in. */
export interface Exchange {
  readonly asksNative: boolean;
  readonly signatures: readonly AskedSignature[];
}

export interface AskedSignature {
  readonly method: SigningMethod;
  /** Whom the right signature opens; null asks for the looks of it. */
  readonly account: Account | null;
}

/**
 * @returns null where only the server can tell
 *
 * | the account has                   | the client is asked                                  |
 * | --------------------------------- | ---------------------------------------------------- |
 * | a native password                 | for that                                             |
 * | that and ed25519 or parsec        | for that, then for the others                        |
 * | ed25519 or parsec                 | for those, in the account's order                    |
 * | some other method, and no native  | nothing: by the server alone                         |
 * | never been                        | what a certain one of the accounts there are would be |
 */
export function planExchange(
  snapshot: AccountSnapshot,
  { user, seenAs, isOverTls }: Pick<Claim, 'user' | 'seenAs' | 'isOverTls'>,
): Exchange | null {
  const candidates = candidatesFor(snapshot, user, seenAs);
  if (candidates.length === 0) return planForNobody(snapshot, user, isOverTls);
  const asksNative = !candidates.every(lacksNative);
  if (!asksNative && candidates.some((account) => isOnlyKnownToServer(account, isOverTls))) return null;
  const signatures = candidates.flatMap((account) => methodsOf(account).map((method) => ({ method, account })));
  return { asksNative: asksNative || signatures.length === 0, signatures };
}

function planForNobody(snapshot: AccountSnapshot, user: string, isOverTls: boolean): Exchange {
  const decoy = decoyFor(snapshot, user);
  const methods = decoy === null || isOnlyKnownToServer(decoy, isOverTls) ? [] : methodsOf(decoy);
  const signatures = methods.map((method) => ({ method: standIn(method, user), account: null }));
  return { asksNative: signatures.length === 0 || decoy === null || !lacksNative(decoy), signatures };
}

function methodsOf({ methods }: Account): readonly SigningMethod[] {
  return methods.flatMap(({ plugin, authString }) => parseSigningMethod(plugin, authString) ?? []);
}
