import { describe, expect, it } from 'vitest';

import { describePin } from '../../../../src/lib/mysql/index.ts';

describe('the reason of a pin', () => {
  it('is said of the session', () => {
    expect(describePin({ code: 'tableLock' })).toBe('locked tables');
    expect(describePin({ code: 'variable', name: 'gtid_seq_no' })).toContain('gtid_seq_no');
    expect(describePin({ code: 'userVariable', name: 'p' })).toContain('@p');
  });
});
