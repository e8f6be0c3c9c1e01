import { memoryBytes } from '../../domain/index.ts';

/*
 * Measured on 10.11.19, 2 vCPU, as CPU time from launch to the first row (median; wall time alike on an idle
 * machine): 80 ms with what is below, 108 ms with the server's defaults.
 *
 * | setting                      | instead of | costs                                                        |
 * |------------------------------|------------|--------------------------------------------------------------|
 * | innodb_log_buffer_size 2M    | 16M        | 11 ms, and reads as much of the log twice, if it is that long |
 * | key_buffer_size 4M           | 128M       | 23 ms: it touches a descriptor for every block               |
 * | aria_pagecache_buffer_size   | 128M       | 12 ms, the same                                              |
 * | innodb_buffer_pool_size      | 512M       | 15 ms for every further GiB                                  |
 * | innodb_undo_tablespaces 0    | 3          | 8 ms, and 30 MB more to copy for a new compute               |
 * | innodb_log_file_size 8 - 96M |            | nothing at a start with a small log buffer; its size to copy |
 *
 * No difference was seen for: innodb_temp_data_file_path, innodb_use_native_aio, innodb_purge_threads,
 * innodb_read_io_threads, query_cache_size, table_open_cache, max_connections, and dumping and loading the buffer
 * pool, which runs after the start and spares the first queries their reads: so it stays on.
 */

/** What shapes the files of a data directory: the template is made with the same, else a start would remake them. */
export const FORMAT_ARGUMENTS = ['--innodb-log-file-size=32M', '--innodb-undo-tablespaces=0'] as const;

/** `loose`: a server line that does not know the option goes without it. */
const ARGUMENTS = [
  ...FORMAT_ARGUMENTS,

  // Starts fast.
  '--innodb-log-buffer-size=2M',
  '--key-buffer-size=4M',
  '--aria-pagecache-buffer-size=16M',
  '--performance-schema=OFF',
  '--skip-log-bin',
  // No reverse lookups at login; host patterns of accounts are addresses.
  '--skip-name-resolve',
  // 11.4 and later make a key and a certificate at every start that has none. The gateway does TLS; behind it there is
  // only the loopback or a network of our own.
  '--skip-ssl',

  // Loses nothing: what is committed is on disk, and a torn page is mended. The server's defaults, on record.
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=ON',
  // Flushes without merging or purging everything: a suspend of 30 ms after which a start needs no recovery.
  '--innodb-fast-shutdown=1',

  // Many clients may wait for one wake, and the gateway lets them all in at once. Where the backlog overflows, Linux
  // answers with SYN cookies: the client then takes itself for connected and waits for a greeting that never comes.
  // Measured with 1,000: 437 hung until their deadline, with this none. Linux cuts it to net.core.somaxconn.
  '--back-log=4096',

  // Idle connections are the gateway's business, and a frozen server must not wake to a row of timeouts. One year.
  '--wait-timeout=31536000',
  '--interactive-timeout=31536000',
  // The server's watchdog counts the time in which it was frozen: a thread that waited for a latch at that instant takes
  // itself for hung after it, and aborts the server. Seen with 10.11.19 at the second freeze under DDL, with 2 s in place
  // of the default of 600; with a year, not at all. What hangs by itself shows at the gateway's deadlines.
  '--loose-innodb-fatal-semaphore-wait-threshold=31536000',

  '--character-set-server=utf8mb4',
  '--loose-skip-symbolic-links',
  '--loose-feedback=OFF',
] as const;

export function serverArguments(cu: number): readonly string[] {
  return [
    // Has to be first; nothing of the machine's own my.cnf applies to a compute.
    '--no-defaults',
    ...ARGUMENTS,
    // The other half is for connections, sorts and temporary tables.
    `--innodb-buffer-pool-size=${memoryBytes(cu) / 2}`,
    `--max-connections=${maxConnections(cu)}`,
  ];
}

/**
 * Few more than are at work at once on so many processors wait for each other in the server, and keep locks meanwhile: with
 * 1,000 clients that each update a row, 20 connections do more than 1,000 (see the benchmark `pool`).
 */
export function sharedConnections(cu: number): number {
  return Math.round(maxConnections(cu) * SHARED_PART);
}

const SHARED_PART = 0.1;
const MIN_CONNECTIONS = 150;
const CONNECTIONS_PER_CU = 400;
const MAX_CONNECTIONS = 10_000;

export function maxConnections(cu: number): number {
  return Math.min(MAX_CONNECTIONS, Math.max(MIN_CONNECTIONS, cu * CONNECTIONS_PER_CU));
}
