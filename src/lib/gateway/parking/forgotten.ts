import { asksDiagnostics, replayDiagnostics, type Left } from '../../mysql/index.ts';
import { sessionClosed } from '../refusal.ts';

export const FORGOTTEN =
  'the database slept, or was about to, or served another session since the last statement: what that left (row counts, warnings, values of sequences) is gone; connect again';

/** Statements after which FOUND_ROWS() is their own. */
const FINDS_ROWS = /^[\s(]*(?:select|with|values|table|show|explain|describe|desc|call|execute)\b/i;
/** Statements that use a table, at which a server forgets the warnings of those before. */
const USES_TABLE =
  /^\s*(?:insert|update|delete|replace|truncate|load|analyze|(?:create|alter|drop)\s+(?:or\s+replace\s+)?table)\b|^\s*(?:select|with|explain)\b[^]*\bfrom\s+[`\w]/i;

type Known = Left | 'unknown' | null;

/**
 * What the looks at a session made its server forget of earlier statements, and a client may still ask for: ROW_COUNT() is of
 * the last one, FOUND_ROWS() of the last that finds rows, warnings stay until one that uses a table. Questions asked word
 * for word are answered from the look; null is what the server knows by itself.
 */
export class Forgotten {
  private rowCount: Known = null;
  private foundRows: Known = null;
  private warnings: Known = null;

  /** Whether the next command has to be seen. */
  get isAny(): boolean {
    return this.rowCount !== null || this.foundRows !== null || this.warnings !== null;
  }

  /** @param left null when the look ended without a snapshot */
  looked(left: Left | null): void {
    // What was not asked since an earlier look is what that found: the server tells of the gateway's own statements then.
    this.rowCount ??= left ?? 'unknown';
    this.foundRows ??= left ?? 'unknown';
    if (left === null) this.warnings ??= 'unknown';
    else if (left.diagnostics.warningCount !== '0') this.warnings = left;
  }

  /**
   * The next command.
   * @returns what is to be run instead, or null
   * @throws SESSION_CLOSED when it asks for what is not known any more, or in a way that cannot be answered
   */
  replay(sql: string, isQuery: boolean): string | null {
    const asked = asksDiagnostics(sql) ? this.askedFor(sql) : null;
    const replay = asked === null || asked === 'unknown' || !isQuery ? null : replayDiagnostics(sql, asked);
    if (asked !== null && replay === null) throw sessionClosed(FORGOTTEN);
    this.rowCount = null;
    if (FINDS_ROWS.test(sql)) this.foundRows = null;
    if (USES_TABLE.test(sql)) this.warnings = null;
    return replay;
  }

  clear(): void {
    this.rowCount = this.foundRows = this.warnings = null;
  }

  private askedFor(sql: string): Known {
    if (/\bFOUND_ROWS\b/i.test(sql)) return this.foundRows;
    return /\bROW_COUNT\b/i.test(sql) ? this.rowCount : this.warnings;
  }
}
