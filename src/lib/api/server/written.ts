const WRITTEN = Symbol('written');

/** An answer that is JSON already. */
export interface Written {
  readonly [WRITTEN]: Uint8Array;
}

export function written(json: Uint8Array): Written {
  return { [WRITTEN]: json };
}

/** Null for an answer that is still to be written. */
export function textOf(answer: unknown): Uint8Array | null {
  if (typeof answer !== 'object' || answer === null || !(WRITTEN in answer)) return null;
  return (answer as Written)[WRITTEN];
}
