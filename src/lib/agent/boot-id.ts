import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const LINUX_FILE = '/proc/sys/kernel/random/boot_id';

/** Differs after every boot of the machine: monotonic times of one boot can be compared, across processes too. */
export function readBootId(): string {
  if (process.platform === 'linux') return readFileSync(LINUX_FILE, 'latin1').trim();
  return execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {
    encoding: 'latin1',
    timeout: 2_000,
  }).trim();
}
