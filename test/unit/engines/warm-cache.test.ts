import { describe, expect, it } from 'vitest';

import { cacheStateOf } from '../../../src/lib/engines/mariadb/warm-cache.ts';

describe('what a server says of its cache', () => {
  it.each([
    ['', 'cold'],
    ['Loading of buffer pool not started', 'cold'],
    ['Loading buffer pool(s) from /var/lib/mysql/data/ib_buffer_pool', 'warming'],
    ['Loaded 4097/65536 pages', 'warming'],
    ['Buffer pool(s) load completed at 261125 19:24:46', 'warmed'],
    ["Cannot open '/var/lib/mysql/data/ib_buffer_pool' for reading: No such file or directory", 'warmed'],
    ["Error parsing '/var/lib/mysql/data/ib_buffer_pool', unable to load buffer pool (stage 1)", 'warmed'],
    ['Buffer pool(s) load aborted on request', 'cold'],
  ])('is understood: %j', (status, state) => {
    expect(cacheStateOf(status)).toBe(state);
  });
});
