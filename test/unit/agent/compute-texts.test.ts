import { describe, expect, it } from 'vitest';

import { createComputeTexts } from '../../../src/lib/agent/services/compute-texts.ts';
import { computeView } from '../../../src/lib/api/index.ts';
import { createStore } from '../../../src/lib/store/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';

describe('the text of a compute', () => {
  it('is that of its view, whatever happens to it and whoever connects', () => {
    const store = createStore({ path: ':memory:' });
    const { textOf } = createComputeTexts();
    const spec = specOf('c1');
    store.append('c1', eventOf('createRequested', { spec }), 1_000);
    const expectSame = (sessions: number): string => {
      const compute = store.getCompute('c1')!;
      const facts = { sessions, host: '127.0.0.1' };
      const text = textOf(compute, facts);
      expect(text).toBe(JSON.stringify(computeView(compute, facts)));
      expect(textOf(compute, facts)).toBe(text);
      return text;
    };
    const texts = [expectSame(0), expectSame(2)];
    store.append('c1', eventOf('started', { cause: 'create' }), 2_000);
    texts.push(expectSame(2), expectSame(0));
    expect(new Set(texts).size).toBe(4);
    store.close();
  });
});
