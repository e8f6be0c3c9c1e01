import { describe, expect, it } from 'vitest';

import { versionInName } from '../../../../src/lib/drivers/docker/stateless-image.ts';

describe('the version in the name of an image', () => {
  it.each([
    ['example/compute:1.2', '1.2'],
    ['registry.example:5000/compute:10.11-a', '10.11-a'],
    ['registry.example:5000/compute', 'unknown'],
    ['compute', 'unknown'],
    ['compute:2@sha256:0123abcd', '2'],
    ['compute@sha256:0123abcd', 'unknown'],
  ])('of %s is %s', (reference, version) => {
    expect(versionInName(reference)).toBe(version);
  });
});
