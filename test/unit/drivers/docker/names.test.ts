import { describe, expect, it } from 'vitest';

import { computeName, containerName } from '../../../../src/lib/drivers/docker/names.ts';

describe('the name of a container', () => {
  it.each(['shop', 'a-b-c', 'doze'])('tells that of its compute: %s', (name) => {
    const spec = { computeId: 'c0a1b2', name } as Parameters<typeof containerName>[1];
    expect(computeName('h1', `/${containerName('h1', spec)}`, 'c0a1b2')).toBe(name);
  });
});
