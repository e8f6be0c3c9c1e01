/** What a list was made of. */
export interface ListFacts {
  /** Of all computes on record. */
  readonly version: number;
  /** By the id of the compute. */
  readonly sessions: ReadonlyMap<string, number>;
}

/**
 * Lists as they were last written, one for each query: a thousand computes are most of a megabyte of JSON, and whoever asks
 * again and again nearly always asks for the same. Its sessions are not on record, so they count as well.
 */
export interface ListTexts {
  textOf(query: string, facts: ListFacts, write: () => string): Uint8Array;
}

interface Kept extends ListFacts {
  readonly text: Uint8Array;
}

/** Queries are few: all, one project, with the destroyed ones. */
const MAX_KEPT = 4;

export function createListTexts(): ListTexts {
  const kept = new Map<string, Kept>();
  return {
    textOf(query, facts, write) {
      const known = kept.get(query);
      if (known?.version === facts.version && isSame(known.sessions, facts.sessions)) return known.text;
      const text = Buffer.from(write());
      kept.delete(query);
      kept.set(query, { ...facts, text });
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      return text;
    },
  };
}

function isSame(a: ListFacts['sessions'], b: ListFacts['sessions']): boolean {
  if (a.size !== b.size) return false;
  for (const [id, count] of a) if (b.get(id) !== count) return false;
  return true;
}
