import { describe, expect, it } from 'vitest';

import { hashNativePassword } from '../../../src/lib/engines/mariadb/native-password.ts';

describe('the hash of mysql_native_password', () => {
  it("is what the server's PASSWORD() gives", () => {
    expect(hashNativePassword('password')).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19');
  });

  it('is of the UTF-8 bytes', () => {
    expect(hashNativePassword('pässwörd')).toMatch(/^\*[0-9A-F]{40}$/);
    expect(hashNativePassword('pässwörd')).not.toBe(hashNativePassword('password'));
  });
});
