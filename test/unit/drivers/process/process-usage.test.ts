import { expect, it } from 'vitest';

import { parseUsage } from '../../../../src/lib/drivers/process/process-usage.ts';

const STAT = '812 (a (b) c) S 1 812 812 0 -1 4194560 9 0 2 0 250 50 0 0 20 0 8 0 100 1 2';
const STATUS =
  'Name:\tmariadbd\nVmRSS:\t  99999 kB\nRssAnon:\t   90000 kB\nRssFile:\t   9000 kB\nRssShmem:\t     999 kB\n';

it("reads a process's CPU and its memory without the cache of files, whatever its name", () => {
  expect(parseUsage(STAT, STATUS)).toEqual({ cpuSeconds: 3, memoryBytes: 90_999 * 1024 });
});
