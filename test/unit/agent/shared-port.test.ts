import { describe, expect, it } from 'vitest';

import { chooseSharedPort, keepSharedPort } from '../../../src/lib/agent/shared-port.ts';

function createMeta() {
  const values = new Map<string, string>();
  return {
    getMeta: (key: string) => values.get(key) ?? null,
    setMeta: (key: string, value: string) => void values.set(key, value),
  };
}

describe('the shared port', () => {
  it('is the one set at first', () => {
    expect(chooseSharedPort(createMeta(), 13_306)).toBe(13_306);
  });

  it('stays the one that was found when the one set was taken', () => {
    const meta = createMeta();
    keepSharedPort(meta, { wanted: 13_306, bound: 23_307 });
    expect(chooseSharedPort(meta, 13_306)).toBe(23_307);
  });

  it('is the one set again when the setting changes', () => {
    const meta = createMeta();
    keepSharedPort(meta, { wanted: 13_306, bound: 23_307 });
    expect(chooseSharedPort(meta, 14_000)).toBe(14_000);
  });
});
