/** What of a text is whole statements, and what is still open. */
export interface Split {
  /** Without their semicolons, trimmed, none of them empty. */
  readonly statements: readonly string[];
  readonly rest: string;
}

/** Runs of text in which a semicolon means nothing: quoted texts and comments, closed ones and open ones. */
const OPAQUE =
  /'(?:[^'\\]|\\[^]|'')*(?:'|$)|"(?:[^"\\]|\\[^]|"")*(?:"|$)|`[^`]*(?:`|$)|#[^\n]*(?:\n|$)|--[ \t][^\n]*(?:\n|$)|\/\*[^]*?(?:\*\/|$)/y;

/** Cuts SQL at the semicolons that end statements. */
export function splitStatements(text: string): Split {
  const statements: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    OPAQUE.lastIndex = at;
    const opaque = OPAQUE.exec(text);
    if (opaque !== null) {
      at += opaque[0].length;
    } else if (text[at] === ';') {
      statements.push(text.slice(from, at).trim());
      at += 1;
      from = at;
    } else at += 1;
  }
  return { statements: statements.filter((statement) => statement !== ''), rest: text.slice(from) };
}
