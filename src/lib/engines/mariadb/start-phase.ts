import type { StartPhase } from '../engine.ts';

/**
 * Which line of the log ends which part of a start, in the words of 10.6 to 11.8. The order is the server's own, and
 * every line comes once at most. 10.6 has no word of the redo log where there is nothing to recover.
 */
const ENDS: Readonly<Record<StartPhase, RegExp>> = {
  program: / \[Note\] (?:Starting MariaDB |.* starting as process \d)/,
  plugins: / InnoDB: (?:Initializing buffer pool|innodb_buffer_pool_size_max=)/,
  bufferPool: / InnoDB: Completed initialization of buffer pool/,
  redoLog: / InnoDB: End of log at LSN=/,
  tablespaces: / InnoDB: .*rollback segments.* are active/,
  temporaryFiles: / InnoDB: .*log sequence number \d+; transaction id/,
  listen: / Server socket created on /,
  accounts: /: ready for connections\.$/,
};

export function startPhaseEndedBy(line: string): StartPhase | null {
  for (const [phase, end] of Object.entries(ENDS)) if (end.test(line)) return phase as StartPhase;
  return null;
}
