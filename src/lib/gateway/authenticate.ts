import { createHash } from 'node:crypto';

import { AGENT_USER, type Account, type AccountSnapshot } from '../domain/index.ts';
import { candidateAccounts, NATIVE_PASSWORD, parseStage2, recoverStage1, stage1Of, stage2Of } from '../mysql/index.ts';

/** What a client said of itself. */
export interface Claim {
  readonly user: string;
  /** Its answer to the scramble, as mysql_native_password has it; empty without a password. */
  readonly answer: Buffer;
  readonly scramble: Buffer;
  /** Address under which the server sees it, or null while that is not known. */
  readonly seenAs: string | null;
}

export type Verdict =
  /** `stage1` logs in to the server; null is no password. */
  | { readonly kind: 'accepted'; readonly stage1: Buffer | null }
  /** Only the server can tell. */
  | { readonly kind: 'relay' }
  | { readonly kind: 'refused' };

const REFUSED: Verdict = { kind: 'refused' };
/** Checked for users that do not exist, so that they take as long as those that do. */
const NOBODY = stage2Of(stage1Of('nobody'));
/**
 * No client can log in with these through a gateway, so a wake would be in vain: they want a local connection, or
 * (mysql_old_password) use the scramble of the greeting, which was the gateway's.
 */
const NOT_RELAYABLE: ReadonlySet<string> = new Set(['unix_socket', 'named_pipe', 'mysql_old_password']);

/** Judges a claim by the accounts alone: no server is asked. */
export function judgeClaim(snapshot: AccountSnapshot, claim: Claim): Verdict {
  const candidates = usableAccounts(snapshot, claim.user, claim.seenAs);
  for (const account of candidates) {
    const verdict = judgeAccount(account, claim);
    if (verdict.kind === 'accepted') return verdict;
  }
  if (candidates.some(needsRelay)) return { kind: 'relay' };
  if (candidates.length === 0) recoverStage1(claim.answer, claim.scramble, NOBODY);
  return REFUSED;
}

/** Whether the first answer of this user is of no use to the gateway, whatever it is. */
export function isRelayed(snapshot: AccountSnapshot, user: string, seenAs: string | null): boolean {
  const candidates = usableAccounts(snapshot, user, seenAs);
  return candidates.length > 0 && candidates.every(needsRelay);
}

/**
 * Whether a user whom the snapshot does not know is to be taken for one that only the server can tell, as some account of
 * it is taken in place of the one that does not exist: always the same for the same name. The server does likewise.
 */
export function looksRelayed(snapshot: AccountSnapshot, user: string): boolean {
  if (user === AGENT_USER || candidateAccounts(snapshot.accounts, user, null).length > 0) return false;
  const decoy = decoyFor(snapshot, user);
  return decoy !== null && needsRelay(decoy);
}

/** An account that stands in for one that does not exist; null when there is none to choose from. */
function decoyFor({ accounts }: AccountSnapshot, user: string): Account | null {
  const open = accounts.filter((account) => account.user !== AGENT_USER && account.user !== '' && isOpen(account));
  const number = createHash('sha256').update(user).digest().readUInt32BE();
  return open[number % open.length] ?? null;
}

/** Whether some client could log in to it from elsewhere. */
function isOpen({ host, methods }: Account): boolean {
  return host !== 'localhost' && methods.some(({ plugin }) => !NOT_RELAYABLE.has(plugin));
}

function usableAccounts(snapshot: AccountSnapshot, user: string, seenAs: string | null): readonly Account[] {
  if (user === AGENT_USER) return [];
  // TLS is not offered yet, so an account that demands it cannot log in.
  return candidateAccounts(snapshot.accounts, user, seenAs).filter(
    (account) => !account.isLocked && !account.requiresTls,
  );
}

function judgeAccount(account: Account, claim: Claim): Verdict {
  for (const { plugin, authString } of account.methods) {
    if (plugin !== NATIVE_PASSWORD) continue;
    if (authString === '' && claim.answer.length === 0) return { kind: 'accepted', stage1: null };
    const stage2 = parseStage2(authString);
    const stage1 = stage2 === null ? null : recoverStage1(claim.answer, claim.scramble, stage2);
    if (stage1 !== null) return { kind: 'accepted', stage1 };
  }
  return REFUSED;
}

/** An account with a native password is judged by that alone: a wrong one must not wake the compute. */
function needsRelay({ methods }: Account): boolean {
  return (
    methods.every(({ plugin }) => plugin !== NATIVE_PASSWORD) &&
    methods.some(({ plugin }) => !NOT_RELAYABLE.has(plugin))
  );
}
