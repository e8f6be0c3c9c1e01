import type { AccountSnapshot, EngineName } from '../domain/index.ts';

/** What differs between database servers. Pure texts, and SQL over a given address; no files, no processes. */
export interface Engine {
  readonly name: EngineName;
  /** Version lines doze knows, newest first; the first is the default for images. */
  readonly versions: readonly string[];
  /** Names of the server's executable, in order of preference. */
  readonly serverBinaries: readonly string[];
  /** Reference of the vendor's image for a version line, such as `mariadb:11.8`. */
  officialImage(version: string): string;
  /**
   * A POSIX sh script that initialises an empty data directory. Reads DATADIR, TMPDIR, SERVER (absolute path of
   * the server binary) from its environment; run by the user that will run the server. Ends with a clean shutdown.
   */
  readonly templateScript: string;
  /**
   * Arguments of the server for a size: starts fast, loses nothing. `--no-defaults` first; no paths, no addresses. What
   * only a larger cache would cost a start is left to `settleIn`.
   */
  serverArguments(cu: number): readonly string[];
  /**
   * SQL that makes accounts and database in a fresh data directory. Idempotent; one statement a line, as
   * `--init-file` wants it, which stops at the first that fails: a driver's marker after the last means all ran.
   */
  initSql(credentials: Credentials): string;
  /**
   * The same for an instance that has no owner and no database yet: who takes it has `introduce` make the rest.
   */
  initSqlOfSpare(credentials: Pick<Credentials, 'rootPassword' | 'agentPassword'>): string;
  /** The same for data copied from another compute, whose accounts get passwords of their own. */
  initSqlOfCopy(credentials: Credentials): string;
  /**
   * Resolves once a real query by the private account was answered over TCP; retries connection errors quickly
   * until the signal aborts. With `listening`, seldom until that says that it is worth while.
   * @throws the signal's reason; ACCESS_DENIED when the private account is refused.
   */
  awaitReady(target: SqlTarget, signal: AbortSignal, listening?: Listening): Promise<Ready>;
  /**
   * Meets a server that does not know its compute yet: one that its image has set up by itself, or one of the warm pool.
   * Waits as `awaitReady` does, but as root, then makes accounts and database as `initSql` does. Refusals of root pass for a while, as images set its password last.
   * @throws the signal's reason, SQL_FAILED
   */
  introduce(root: SqlTarget, credentials: Credentials, signal: AbortSignal, listening?: Listening): Promise<Ready>;
  /** The part of a server's start that a line of its log ends, or null for any other line. */
  startPhaseEndedBy(line: string): StartPhase | null;
  /**
   * Brings everything written so far to the files, tables without transactions too, and lets nothing new be written
   * until the result is disposed. Reading goes on.
   * @throws COMPUTE_BUSY when a statement that writes does not end in time, the signal's reason
   */
  holdWrites(target: SqlTarget, signal: AbortSignal): Promise<AsyncDisposable>;
  /**
   * Whether routines, triggers or views are there by which a statement may leave a lock or the like in its session that
   * neither its text nor a counter shows.
   */
  mayHideState(target: SqlTarget, signal: AbortSignal): Promise<boolean>;
  readRoutineEffects(target: SqlTarget, signal: AbortSignal): Promise<RoutineEffects>;
  /** Ends a connection of the server's and what runs on it, as the private account; nothing if it has ended. */
  killConnection(target: SqlTarget, connectionId: number, signal: AbortSignal): Promise<void>;
  /** Every account that may log in over the network, without roles. */
  readAccounts(target: SqlTarget, signal: AbortSignal): Promise<AccountSnapshot>;
  /**
   * Gives a server that has just started what its arguments left for later: the cache of its size. Nothing to do for one
   * that has it; clients notice nothing.
   * @throws RESIZE_REFUSED when the server cannot, the signal's reason
   */
  settleIn(target: SqlTarget, cu: number, signal: AbortSignal): Promise<void>;
  /** How many connections its sessions share at a size, when they share and nobody says how many. */
  sharedConnections(cu: number): number;
  /** What the server may cache at a size. */
  bufferPoolBytes(cu: number): number;
  /** What the server says of its load, as the private account. */
  readLoad(target: SqlTarget, signal: AbortSignal): Promise<ServerLoad>;
  /** How far a server is with what the one before it had in its cache. Nobody asked by it counts as a client. */
  readCache(target: SqlTarget, signal: AbortSignal): Promise<CacheFacts>;
  /** Has a `cold` server begin to read it in, in the background and a little at a time. */
  beginWarming(target: SqlTarget, signal: AbortSignal): Promise<void>;
  /** Calls it off until it is begun again: it is `cold` then, with what has come back so far. */
  pauseWarming(target: SqlTarget, signal: AbortSignal): Promise<void>;
  /** Of one that is `warmed`: makes it `kept`. */
  endWarming(target: SqlTarget, signal: AbortSignal): Promise<void>;
  /**
   * Sets what follows from the size in a server that runs, and returns when it is through. Clients notice nothing.
   * @throws RESIZE_REFUSED when the server cannot, the signal's reason
   */
  resize(target: SqlTarget, cu: number, signal: AbortSignal): Promise<void>;
}

/**
 * What was cached before its start is not asked for yet (`cold`), being read (`warming`), or read as far as it could be
 * (`warmed`); from `kept` on the server itself keeps the list of what it has for the next one.
 */
export type CacheState = 'cold' | 'warming' | 'warmed' | 'kept';

export interface CacheFacts {
  readonly state: CacheState;
  /** What the server may cache, and of that what is filled. */
  readonly poolBytes: number;
  readonly dataBytes: number;
}

/**
 * What a statement may do to its session by way of routines, triggers and views that it uses, without a hint of it in
 * its own text: nothing; what a look at the session finds; or what nothing finds.
 */
export type RoutineEffects = 'none' | 'seen' | 'hidden';

/** The counters grow from the server's start on. */
export interface ServerLoad {
  readonly poolBytes: number;
  /** Of that, what is filled. */
  readonly dataBytes: number;
  /** Pages asked of the buffer pool, and those of them that were read from the disk. */
  readonly requests: number;
  readonly misses: number;
  /** Whether what the last server had in its buffer pool is still being read into this one's. */
  readonly isWarming: boolean;
}

/** What is heard of a server that starts, as far as somebody reads its log. */
export interface Listening {
  /** `silent`: not a word so far, and maybe none ever. */
  readonly stage: 'silent' | 'starting' | 'begun';
  /** Resolves when connections are taken; pending for ever if nobody hears it. Never rejects. */
  readonly begun: Promise<void>;
}

/** The parts of a server's own start, in order. One that a version does not tell of counts to the next. */
export const START_PHASES = [
  // From its launch: loading the program and its libraries, reading its arguments, measuring its clocks.
  'program',
  // What is set up before InnoDB.
  'plugins',
  'bufferPool',
  'redoLog',
  'tablespaces',
  'temporaryFiles',
  // From then on connections are taken, and answered after the last part.
  'listen',
  'accounts',
] as const;
export type StartPhase = (typeof START_PHASES)[number];

/** A server that has answered a query. */
export interface Ready {
  readonly serverVersion: string;
  /** What was waited for, in order: until it listened (`listen`), let us in (`login`), answered (`query`), had `accounts`. */
  readonly phasesMs: Readonly<Record<string, number>>;
}

/** All generated at creation. Passwords never leave the store but by `compute url` and `show --show-password`. */
export interface Credentials {
  readonly database: string;
  /** The owner's user name and password: what the URL has. */
  readonly user: string;
  readonly userPassword: string;
  readonly rootPassword: string;
  /** Of the private account `doze_agent`, which the gateway never lets in. */
  readonly agentPassword: string;
}

/** A server with this argument takes a client's address from the gateway (PROXY protocol). */
export const CLIENT_ADDRESS_OPTION = '--proxy-protocol-networks';

/**
 * Behind all others: the server speaks TLS, with the key and the certificate that are in this file, in PEM. The third spares it
 * to read the system's own authorities.
 */
export function tlsArguments(file: string): readonly string[] {
  return [`--ssl-cert=${file}`, `--ssl-key=${file}`, `--ssl-ca=${file}`];
}

export interface SqlTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}
