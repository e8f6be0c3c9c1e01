import { describe, expect, it } from 'vitest';

import { findUser } from '../../../../src/lib/drivers/docker/server-user.ts';

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\nmysqlx:x:1:2::/:\nmysql:x:999:998::/var/lib/mysql:/bin/false\n';

describe("the server's user in an image", () => {
  it('is found by its whole name', () => {
    expect(findUser(PASSWD, 'mysql')).toEqual({ uid: 999, gid: 998 });
  });

  it.each([
    ['that is not in the list', PASSWD.replace('\nmysql:', '\nmaria:')],
    ['of an image without a list', ''],
    ['whose line is cut short', 'mysql:x'],
  ])('is nobody for one %s', (_, passwd) => {
    expect(findUser(passwd, 'mysql')).toBeNull();
  });
});
