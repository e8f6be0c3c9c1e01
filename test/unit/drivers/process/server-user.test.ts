import { describe, expect, it } from 'vitest';

import { findInPasswd } from '../../../../src/lib/drivers/process/server-user.ts';

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\nmysql:x:101:102:MariaDB:/nonexistent:/bin/false\n';

describe("the server's user", () => {
  it('is found by its whole name', () => {
    expect(findInPasswd('mysql', PASSWD)).toEqual({ name: 'mysql', uid: 101, gid: 102 });
    expect(findInPasswd('mysq', PASSWD)).toBeNull();
    expect(findInPasswd('MariaDB', PASSWD)).toBeNull();
  });
});
