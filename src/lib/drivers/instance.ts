import type { ServerIdentity } from '../x509/index.ts';

/** Everything an instance needs to be made anew: the control plane derives it from the compute. */
export interface InstanceSpec {
  readonly computeId: string;
  readonly name: string;
  readonly project: string;
  readonly image: string | null;
  readonly version: string | null;
  readonly cu: number;
  /** Engine arguments in order, to come first (`--no-defaults`); paths, address and port follow and are the driver's. */
  readonly serverArguments: readonly string[];
  /**
   * Run by the server (`--init-file`) before it takes the first connection; makes the accounts and the database.
   * The driver appends one statement of its own as the last line, `SELECT 1 INTO OUTFILE '<marker>'`, and passes
   * the file on every start until that marker exists beside the data: a start cut short runs it again.
   * Not for a stateless instance, whose image makes what it needs from the environment.
   */
  readonly initSql: string;
  /**
   * What its server proves itself with, from its next start on, to whom wants TLS; null: it speaks none, or goes on with what
   * it was given before. Of no effect on an instance that keeps nothing.
   */
  readonly identity: ServerIdentity | null;
  /** Set for a compute whose data lives in the storage tier. */
  readonly stateless: StatelessSpec | null;
}

/**
 * An instance that keeps nothing: no volume, scratch in memory, the image's own start-up. It is made anew at every
 * start and removed at every suspend but `frozen`. Two of one compute must never run at once: a start first removes an
 * instance of another generation and waits until it is gone; one of the same generation is taken as it is.
 */
export interface StatelessSpec {
  /** Grows with every start that is on record. */
  readonly generation: number;
  /** The image contract: PAGE_SERVER_URL, SAFEKEEPER_URL, PROJECT_ID, COMPUTE_ID, MYSQL_ROOT_PASSWORD, MYSQL_DATABASE. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The compute's id: every driver names and labels its instance after it. */
export type InstanceId = string;

/** Where the server answers, as seen from the agent. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The address under which the server sees the agent: what host patterns of accounts are matched with. */
  readonly seenAs: string;
  /** Whether the server takes the agent's word for whose connection it is (PROXY protocol). */
  readonly takesClientAddress: boolean;
}

export interface Instance {
  readonly computeId: string;
  /** One that hibernates is `frozen` too: only its memory is elsewhere. */
  readonly state: 'running' | 'frozen' | 'parked' | 'stopped';
  /** Null unless the server runs (running, frozen). */
  readonly endpoint: Endpoint | null;
  /** How the server ended, if it has and the driver knows. */
  readonly exit: InstanceExit | null;
  /** The size that its limits are for; left out where there are none, or none of a size. */
  readonly cu?: number;
}

export interface InstanceUsage {
  /** Of CPU, since its server or container began. */
  readonly cpuSeconds: number;
  /** What it holds and cannot give back at once: without the kernel's cache of its files. */
  readonly memoryBytes: number;
}

export interface InstanceExit {
  /** Wall time; null if unknown. */
  readonly atMs: number | null;
  readonly code: number | null;
  readonly isOutOfMemory: boolean;
  /** It failed, and its disk has no room for a server to start on. Left out where the driver cannot look. */
  readonly isDiskFull?: true;
}

export interface InstanceChange {
  readonly computeId: string;
  /** `ended`: server or container stopped; `removed`: instance gone; `changed`: look again; `resync`: look at all. */
  readonly kind: 'ended' | 'removed' | 'changed' | 'resync';
  readonly exit: InstanceExit | null;
}
