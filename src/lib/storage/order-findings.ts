import { VERDICTS, type StorageFinding } from '../domain/index.ts';

/** Worst first; of equals, what concerns the whole before what concerns one endpoint. */
export function orderFindings(findings: readonly StorageFinding[]): StorageFinding[] {
  const rank = ({ verdict, endpoint }: StorageFinding): number =>
    -2 * VERDICTS.indexOf(verdict) + (endpoint === null ? 0 : 1);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
