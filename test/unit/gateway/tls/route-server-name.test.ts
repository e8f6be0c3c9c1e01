import { describe, expect, it } from 'vitest';

import { routeServerName } from '../../../../src/lib/gateway/tls/route-server-name.ts';

describe('a TLS server name', () => {
  it.each([
    [
      'shop.db.example',
      [
        { compute: 'shop', project: null },
        { compute: 'shop', project: 'db' },
      ],
    ],
    ['shop.localhost', [{ compute: 'shop', project: null }]],
    ['shop', []],
    ['.db.example', []],
    ['', []],
  ])('%j names %j', (serverName, expected) => {
    expect(routeServerName(serverName)).toEqual(expected);
  });
});
