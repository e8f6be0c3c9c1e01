import { describe, expect, it } from 'vitest';

import { createMariaDbEngine, START_PHASES } from '../../../src/lib/engines/index.ts';
import { createSystemClock } from '../../../src/lib/clock.ts';

const engine = createMariaDbEngine({ clock: createSystemClock() });

const START_OF_10_11 = `2026-11-25 19:00:44 0 [Warning] Could not increase number of max_open_files to more than 20000 (request: 32233)
2026-11-25 19:00:44 0 [Note] Starting MariaDB 10.11.19-MariaDB-0+deb12u1 source revision 5843d8475120241667a7ce0f8a1abb6c9b43a273 server_uid 3GsBIZNuozNMSCMWfr4GI0gHvvQ= as process 18429
2026-11-25 19:00:44 0 [Note] InnoDB: Compressed tables use zlib 1.2.13
2026-11-25 19:00:44 0 [Note] InnoDB: Using io_uring
2026-11-25 19:00:44 0 [Note] InnoDB: innodb_buffer_pool_size_max=8388608m, innodb_buffer_pool_size=1024m
2026-11-25 19:00:44 0 [Note] InnoDB: Completed initialization of buffer pool
2026-11-25 19:00:44 0 [Note] InnoDB: File system buffers for log disabled (block size=4096 bytes)
2026-11-25 19:00:44 0 [Note] InnoDB: End of log at LSN=44760
2026-11-25 19:00:44 0 [Note] InnoDB: 128 rollback segments are active.
2026-11-25 19:00:44 0 [Note] InnoDB: Setting file './ibtmp1' size to 12.000MiB. Physically writing the file full; Please wait ...
2026-11-25 19:00:44 0 [Note] InnoDB: File './ibtmp1' size is now 12.000MiB.
2026-11-25 19:00:44 0 [Note] InnoDB: log sequence number 44760; transaction id 15
2026-11-25 19:00:44 0 [Note] Plugin 'FEEDBACK' is disabled.
2026-11-25 19:00:44 0 [Note] InnoDB: Loading buffer pool(s) from /var/lib/mysql/data/ib_buffer_pool
2026-11-25 19:00:44 0 [Note] Server socket created on IP: '127.0.0.1', port: '23306'.
2026-11-25 19:00:44 0 [Note] InnoDB: Buffer pool(s) load completed at 261125 19:00:44
2026-11-25 19:00:44 0 [Note] /usr/sbin/mariadbd: ready for connections.
Version: '10.11.19-MariaDB-0+deb12u1'  socket: ''  port: 23306  Debian 12`;

/** Without a word of the redo log, and with undo tablespaces. */
const START_OF_10_6 = `2024-05-02 10:11:12 0 [Note] mariadbd (server 10.6.16-MariaDB-1:10.6.16+maria~ubu2004) starting as process 1 ...
2024-05-02 10:11:12 0 [Note] InnoDB: Initializing buffer pool, total size = 134217728, chunk size = 134217728
2024-05-02 10:11:12 0 [Note] InnoDB: Completed initialization of buffer pool
2024-05-02 10:11:12 0 [Note] InnoDB: 128 rollback segments are active.
2024-05-02 10:11:12 0 [Note] InnoDB: 10.6.16 started; log sequence number 42161; transaction id 14
2024-05-02 10:11:12 0 [Note] Server socket created on IP: '0.0.0.0'.
2024-05-02 10:11:12 0 [Note] mariadbd: ready for connections.`;

function phasesOf(log: string): string[] {
  return log
    .split('\n')
    .map((line) => engine.startPhaseEndedBy(line))
    .filter((phase) => phase !== null);
}

describe("the parts of a server's start, as its log tells them", () => {
  it('are all there, in order and each once, in a start of 10.11', () => {
    expect(phasesOf(START_OF_10_11)).toEqual(START_PHASES);
  });

  it('are those that an older version tells of', () => {
    expect(phasesOf(START_OF_10_6)).toEqual(START_PHASES.filter((phase) => phase !== 'redoLog'));
  });

  it('know undo tablespaces of 11.x', () => {
    const line =
      '2026-11-25 19:00:44 0 [Note] InnoDB: Opened 3 undo tablespaces; 128 rollback segments in 3 undo tablespaces are active.';
    expect(engine.startPhaseEndedBy(line)).toBe('tablespaces');
  });

  it('are ended by no line that only quotes one of them', () => {
    expect(
      engine.startPhaseEndedBy('2026-11-25 19:00:44 5 [Warning] Aborted connection: ready for connections. No'),
    ).toBeNull();
    expect(engine.startPhaseEndedBy('')).toBeNull();
  });
});
