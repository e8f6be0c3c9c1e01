import type { Compute } from '../domain/index.ts';

/**
 * What is kept costs its room, whoever uses it: the data of a compute in every state, destroyed and still kept included, and
 * its snapshots. The last known size stands while it cannot be told.
 *
 * | the compute is            | its data is measured                                    |
 * | ------------------------- | ------------------------------------------------------- |
 * | active                    | at the next tick, then every 5 minutes (10 s if limited) |
 * | about to sleep            | before that, if it never was                            |
 * | asleep                    | if it never was and its driver can without waking it    |
 * | destroyed, data kept      | not any more                                            |
 * | purged                    | it has none: the account is closed                      |
 * | on a storage tier         | by what the tier says                                   |
 *
 * Each account is one transaction of hours and level: an agent that dies in between has counted all of it or nothing, and the
 * next one goes on from the level, for the data was there meanwhile.
 */
export interface StorageMeter {
  /** Measures what is due, and brings the accounts up to date. */
  tick(): Promise<void>;
  /** Measures a compute that never was, while it can be. Never rejects. */
  noteSleep(compute: Compute): Promise<void>;
  /** Brings all accounts up to date. @throws what the store throws */
  account(): void;
}
