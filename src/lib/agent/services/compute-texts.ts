import { computeView, type ViewFacts } from '../../api/index.ts';
import type { Compute } from '../../domain/index.ts';

/**
 * Views of computes as JSON, kept for as long as the record that they are of: a list of a thousand, asked for again and again,
 * is mostly what it was. A record that changes is another object, and the text of the one before goes with it.
 */
export interface ComputeTexts {
  textOf(compute: Compute, facts: ViewFacts): string;
}

interface Kept {
  readonly sessions: number;
  readonly text: string;
}

export function createComputeTexts(): ComputeTexts {
  const kept = new WeakMap<Compute, Kept>();
  return {
    textOf(compute, facts) {
      const known = kept.get(compute);
      if (known?.sessions === facts.sessions) return known.text;
      const text = JSON.stringify(computeView(compute, facts));
      kept.set(compute, { sessions: facts.sessions, text });
      return text;
    },
  };
}
