import { CLIENT_ADDRESS_OPTION } from '../engine.ts';
import { READ_THREADS } from './warm-cache.ts';

/*
 * Measured on 10.11.19, 2 vCPU, as CPU time from launch to the first row (median; wall time alike on an idle
 * machine): 80 ms with what is below, 108 ms with the server's defaults.
 *
 * | setting                      | instead of | costs                                                        |
 * |------------------------------|------------|--------------------------------------------------------------|
 * | innodb_log_buffer_size 2M    | 16M        | 11 ms, and reads as much of the log twice, if it is that long |
 * | key_buffer_size 4M           | 128M       | 23 ms: it touches a descriptor for every block               |
 * | aria_pagecache_buffer_size   | 128M       | 12 ms, the same                                              |
 * | innodb_buffer_pool_size 64M  | 1G         | 10 ms, and 10 more for every further GiB; 16M is no quicker  |
 * | innodb_undo_tablespaces 0    | 3          | 8 ms, and 30 MB more to copy for a new compute               |
 * | innodb_log_file_size 8 - 96M |            | nothing at a start with a small log buffer; its size to copy |
 *
 * No difference was seen for: innodb_temp_data_file_path, innodb_use_native_aio, innodb_purge_threads,
 * innodb_read_io_threads, query_cache_size, table_open_cache, max_connections.
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
  // Whose connection it is the gateway says (PROXY protocol), so that grants by host and logs have the client's address.
  // It comes over the loopback or a network of our own; behind Docker in a VM, over one of the VM's.
  `${CLIENT_ADDRESS_OPTION}=127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7`,
  // 11.4 and later make a key and a certificate at every start that has none. The gateway does TLS; behind it there is
  // only the loopback or a network of our own.
  '--skip-ssl',

  // A start touches a descriptor for each page of the pool, and makes tables for its locks: it gets its size when
  // the server answers (control/settle-in.ts). A recovery with it takes another batch or two of its 32 MB of log.
  '--innodb-buffer-pool-size=64M',
  // The largest size's. Since 10.11.12 and 11.4.6 a pool grows no further than this, which is address space and nothing
  // else; where the default is the size at the start, none could grow at all.
  '--loose-innodb-buffer-pool-size-max=128G',

  // Through the host's page cache, as was the server's own default up to 10.5: what was cached when a server went to sleep is
  // in memory when it comes back, for as long as the host has no better use for it, and so is what a start reads. 14 ms of
  // a start (docs/wake-path.md); with data of four times the pool 51,000 point selects a second and not 21,000, and as
  // many writes. 11.x takes the first for all files, and says that it is deprecated.
  '--loose-innodb-flush-method=fsync',
  '--loose-innodb-log-file-buffering=ON',

  // Loses nothing: what is committed is on disk, and a torn page is mended. The server's defaults, on record.
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=ON',
  // Flushes without merging or purging everything: a suspend of 30 ms after which a start needs no recovery.
  '--innodb-fast-shutdown=1',

  // What is cached comes back after the start, and not in its way (warm-cache.ts): the list of it is all that was there.
  '--innodb-buffer-pool-dump-pct=100',
  '--innodb-buffer-pool-load-at-startup=OFF',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
  '--innodb-use-native-aio=OFF',
  `--innodb-read-io-threads=${READ_THREADS}`,

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
