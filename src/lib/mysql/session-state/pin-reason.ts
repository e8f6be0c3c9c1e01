/** Why a session cannot be carried over a restart of its server. */
export type PinReason =
  | { readonly code: PinCode }
  /** A variable that a new connection cannot be given the value of. */
  | { readonly code: 'variable'; readonly name: string }
  | { readonly code: 'userVariable'; readonly name: string };

export type PinCode =
  | 'transaction'
  | 'temporaryTable'
  | 'tableLock'
  | 'handler'
  | 'dynamicSql'
  | 'backup'
  | 'flush'
  | 'userVariables'
  | 'initConnect'
  | 'namedLock'
  | 'nextTransaction'
  | 'lastValue'
  | 'connectionId'
  | 'hidden'
  | 'unverified';

const SENTENCES: Readonly<Record<PinCode, string>> = {
  transaction: 'has an open transaction',
  temporaryTable: 'holds a temporary table, or did',
  tableLock: 'locked tables',
  handler: 'opened a handler',
  dynamicSql: 'ran statements made from text (PREPARE, EXECUTE IMMEDIATE)',
  backup: 'holds a backup lock, or did',
  flush: 'ran FLUSH, which may hold locks',
  userVariables: 'has too many or too large user variables to carry',
  initConnect: 'began with an init_connect that cannot be followed',
  namedLock: 'called GET_LOCK, and may hold the lock',
  nextTransaction: 'set the isolation of its next transaction',
  lastValue: 'asked for the last value of a sequence',
  connectionId: 'asked for its CONNECTION_ID() as a part of a statement',
  hidden: 'may hold a lock that a routine, trigger or view of this database takes',
  unverified: 'could not be looked into',
};

/** For a sentence whose subject is the session, such as "holds a temporary table". */
export function describePin(reason: PinReason): string {
  switch (reason.code) {
    case 'variable':
      return `set the variable ${reason.name}, which cannot be given to a new connection`;
    case 'userVariable':
      return `has a user variable that cannot be carried: @${reason.name}`;
    default:
      return SENTENCES[reason.code];
  }
}
