import { describe, expect, it } from 'vitest';

import { checkRemote } from '../../../src/lib/agent/doctor/remote.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

describe('the doctor, of an agent that lets other machines in,', () => {
  const check = (host: string, gatewayHost: string, tls: 'off' | 'preferred' | 'required', days = 3650) =>
    checkRemote(
      {
        host,
        port: 7443,
        url: 'https://db:7443',
        fingerprint: 'SHA256:x',
        certificateExpiresAtMs: NOW_MS + days * DAY_MS,
      },
      { gatewayHost, tls },
      NOW_MS,
    );

  it.each([
    ['0.0.0.0', '127.0.0.1', 'preferred', 3650, 'warning', 'gatewayHost 0.0.0.0'],
    ['0.0.0.0', '0.0.0.0', 'preferred', 3650, 'warning', 'doze config set tls required'],
    ['0.0.0.0', '0.0.0.0', 'required', 3650, 'ok', null],
    ['127.0.0.1', '127.0.0.1', 'preferred', 3650, 'ok', null],
    ['0.0.0.0', '0.0.0.0', 'required', 29, 'warning', 'tlsCert'],
  ] as const)(
    'on %s with the gateway on %s, tls %s and %i days left, says %s',
    (host, gateway, tls, days, status, hint) => {
      const [found, ...more] = check(host, gateway, tls, days);
      expect(more).toEqual([]);
      expect(found).toMatchObject({ name: 'remote', status });
      if (hint === null) expect(found?.hint).toBeNull();
      else expect(found?.hint).toContain(hint);
    },
  );

  it('says nothing of one that does not', () => {
    expect(checkRemote(null, { gatewayHost: '127.0.0.1', tls: 'off' }, NOW_MS)).toEqual([]);
  });
});
