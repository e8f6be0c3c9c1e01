import { describe, expect, it } from 'vitest';

import { bufferPoolBytes } from '../../../src/lib/engines/mariadb/buffer-pool.ts';
import { FORMAT_ARGUMENTS, serverArguments } from '../../../src/lib/engines/mariadb/server-arguments.ts';
import { templateScript } from '../../../src/lib/engines/mariadb/template-script.ts';

const GIB = 1024 ** 3;

describe("a server's arguments", () => {
  it("begin with the one that keeps the machine's own settings out", () => {
    expect(serverArguments(1)[0]).toBe('--no-defaults');
  });

  it.each([
    [0.25, 0.5 * GIB, 150],
    [1, 2 * GIB, 400],
    [64, 128 * GIB, 10_000],
  ])(
    'at %d CU give room for connections, and half the memory to the buffer pool once it runs',
    (cu, pool, connections) => {
      expect(serverArguments(cu)).toContain(`--max-connections=${connections}`);
      expect(serverArguments(cu)).toContain('--innodb-buffer-pool-size=64M');
      expect(bufferPoolBytes(cu)).toBe(pool);
      expect(pool).toBeLessThanOrEqual(128 * GIB);
      expect(serverArguments(cu)).toContain('--loose-innodb-buffer-pool-size-max=128G');
    },
  );

  it('say nothing of paths and addresses, which the driver owns', () => {
    const owned = /^--(datadir|tmpdir|socket|port|bind-address|pid-file|log-error|init-file|user)\b/;
    expect(serverArguments(1).filter((argument) => owned.test(argument))).toEqual([]);
  });

  it('shape files as the template has them', () => {
    for (const argument of FORMAT_ARGUMENTS) {
      expect(serverArguments(1)).toContain(argument);
      expect(templateScript).toContain(argument);
    }
  });
});
