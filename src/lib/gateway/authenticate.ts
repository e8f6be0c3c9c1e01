import { AGENT_USER, type Account, type AccountName, type AccountSnapshot } from '../domain/index.ts';
import {
  candidateAccounts,
  NATIVE_PASSWORD,
  parseSigningMethod,
  parseStage2,
  recoverStage1,
  signedPasswordHash,
  stage1Of,
  stage2Of,
} from '../mysql/index.ts';
import { decoyFor, isRelayable } from './decoy.ts';

/** What a client said of itself. */
export interface Claim {
  readonly user: string;
  /** Its answer to the scramble, as mysql_native_password has it: empty without a password, null where it was not asked. */
  readonly answer: Buffer | null;
  readonly scramble: Buffer;
  /** Address under which the server sees it, or null while that is not known. */
  readonly seenAs: string | null;
  /** Whether it came over TLS. */
  readonly isOverTls: boolean;
}

/** The account is locked, wants TLS where the client speaks none, or wants a certificate of the client's. */
export type Bar = 'locked' | 'tls' | 'certificate';

export type Verdict = Accepted | Relayed | Barred | Refused;
/** `stage1` logs in to the server; null is no password. */
interface Accepted extends Admitted {
  readonly kind: 'accepted';
  readonly stage1: Buffer | null;
}
/** Only the server can tell, or let it in; what it has of the password, where that is known. */
interface Relayed extends Admitted {
  readonly kind: 'relay';
  readonly passwordHash: Buffer | null;
}
interface Admitted {
  /** Whether the account can log in to the server over TLS only. */
  readonly needsTls: boolean;
  /** Whose session it is to be; null where only the server can tell. */
  readonly account: AccountName | null;
}
/** The password is right, and of no use. */
interface Barred {
  readonly kind: 'barred';
  readonly bar: Bar;
}
interface Refused {
  readonly kind: 'refused';
}

const REFUSED: Verdict = { kind: 'refused' };
const NO_ANSWER = Buffer.alloc(0);
/** Checked for users that do not exist, so that they take as long as those that do. */
const NOBODY = stage2Of(stage1Of('nobody'));

/** Judges a claim by the accounts alone: no server is asked. */
export function judgeClaim(snapshot: AccountSnapshot, claim: Claim): Verdict {
  const candidates = candidatesFor(snapshot, claim.user, claim.seenAs);
  const verdicts = candidates.map((account) => judgeAccount(account, claim));
  const best =
    verdicts.find(({ kind }) => kind === 'accepted') ??
    verdicts.find(({ kind }) => kind === 'barred') ??
    (candidates.some((account) => isOnlyKnownToServer(account, claim.isOverTls)) ? relay(candidates, null) : null);
  if (best !== null) return best;
  if (candidates.length === 0) recoverStage1(claim.answer ?? NO_ANSWER, claim.scramble, NOBODY);
  return REFUSED;
}

/** Of a client that has signed what it was asked to for this account. */
export function judgeSigned(account: Account, passwordHash: Buffer, isOverTls: boolean): Verdict {
  const bar = barOf(account, isOverTls);
  return bar === null ? relay([account], passwordHash) : { kind: 'barred', bar };
}

/** Whether the first answer of this user is of no use to the gateway, whatever it is. */
export function isRelayed(snapshot: AccountSnapshot, user: string, seenAs: string | null): boolean {
  const candidates = candidatesFor(snapshot, user, seenAs);
  return candidates.length > 0 && candidates.every(lacksNative);
}

/** For a user who is left to the server: what is known of its password is known if there is one way to log in. */
export function relayOf(snapshot: AccountSnapshot, user: string, seenAs: string | null): Relayed {
  const candidates = candidatesFor(snapshot, user, seenAs);
  const [account, ...others] = candidates;
  const [only, ...more] = account?.methods ?? [];
  const isOne = only !== undefined && others.length === 0 && more.length === 0;
  const method = isOne ? parseSigningMethod(only.plugin, only.authString) : null;
  return relay(candidates, method === null ? null : signedPasswordHash(method));
}

function relay(candidates: readonly Account[], passwordHash: Buffer | null): Relayed {
  const [account, ...others] = candidates;
  return {
    kind: 'relay',
    passwordHash,
    needsTls: candidates.some(({ requiresTls }) => requiresTls),
    account: account === undefined || others.length > 0 ? null : nameOf(account),
  };
}

function nameOf({ user, host }: Account): AccountName {
  return { user, host };
}

/**
 * Whether a user whom the snapshot does not know is to be taken for one that only the server can tell, as some account of
 * it is taken in place of the one that does not exist: always the same for the same name. The server does likewise.
 */
export function looksRelayed(snapshot: AccountSnapshot, user: string): boolean {
  if (user === AGENT_USER || candidateAccounts(snapshot.accounts, user, null).length > 0) return false;
  const decoy = decoyFor(snapshot, user);
  return decoy !== null && lacksNative(decoy);
}

export function candidatesFor(snapshot: AccountSnapshot, user: string, seenAs: string | null): readonly Account[] {
  return user === AGENT_USER ? [] : candidateAccounts(snapshot.accounts, user, seenAs);
}

/** An account with a native password is judged without the server: a wrong one must not wake the compute. */
export function lacksNative({ methods }: Account): boolean {
  return methods.every(({ plugin }) => plugin !== NATIVE_PASSWORD) && methods.some(isRelayable);
}

/** Whether it has a method that the gateway cannot check, and no native password; and could be let in. */
export function isOnlyKnownToServer(account: Account, isOverTls: boolean): boolean {
  const { methods } = account;
  const isUnknown = methods.some((method) => {
    return isRelayable(method) && parseSigningMethod(method.plugin, method.authString) === null;
  });
  return lacksNative(account) && isUnknown && barOf(account, isOverTls) === null;
}

function judgeAccount(account: Account, claim: Claim): Verdict {
  const stage1 = claim.answer === null ? undefined : openWith(account, claim.answer, claim.scramble);
  if (stage1 === undefined) return REFUSED;
  const bar = barOf(account, claim.isOverTls);
  return bar === null
    ? { kind: 'accepted', stage1, needsTls: account.requiresTls, account: nameOf(account) }
    : { kind: 'barred', bar };
}

/** @returns stage1, null without a password, undefined where the answer is wrong */
function openWith({ methods }: Account, answer: Buffer, scramble: Buffer): Buffer | null | undefined {
  for (const { plugin, authString } of methods) {
    if (plugin !== NATIVE_PASSWORD) continue;
    if (authString === '' && answer.length === 0) return null;
    const stage2 = parseStage2(authString);
    const stage1 = stage2 === null ? null : recoverStage1(answer, scramble, stage2);
    if (stage1 !== null) return stage1;
  }
  return undefined;
}

/** In the server's order; it looks after the password was right. */
function barOf({ requiresTls, requiresCertificate, isLocked }: Account, isOverTls: boolean): Bar | null {
  if (requiresCertificate) return 'certificate';
  if (requiresTls && !isOverTls) return 'tls';
  return isLocked ? 'locked' : null;
}
