import { statfs } from 'node:fs/promises';

/** What a server or a copy leaves free when it gave up for want of space: less than a file of its own. */
const FULL_BELOW_BYTES = 4 * 1024 ** 2;

/** Told by the numbers, as programs say it in words of their own. */
export async function isDiskFull(directory: string): Promise<boolean> {
  return (await freeBytes(directory)) < FULL_BELOW_BYTES;
}

export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
