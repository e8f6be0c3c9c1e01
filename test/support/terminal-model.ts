/** As much of a terminal as doze uses, to see what a person would see. */
export interface TerminalModel {
  readonly isAlternate: boolean;
  readonly isCursorShown: boolean;
  readonly isWrapping: boolean;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Of the screen that is shown, without blanks at their ends. */
  lines(): string[];
  text(): string;
}

const TOKEN = /\u001b\[([?0-9;]*)([@-~])|\u001b.|[^\u001b]/gsu;

interface Cells {
  rows: string[][];
  row: number;
  column: number;
}

export function createTerminalModel(columns: number, rows: number): TerminalModel {
  const size = { columns, rows };
  const modes = { isAlternate: false, isCursorShown: true, isWrapping: true };
  const main = blank();
  let alternate = blank();
  const cells = (): Cells => (modes.isAlternate ? alternate : main);

  function blank(): Cells {
    return { rows: Array.from({ length: size.rows }, () => []), row: 0, column: 0 };
  }

  function put(character: string): void {
    const at = cells();
    if (character === '\r') at.column = 0;
    else if (character === '\n') feed(at);
    else if (character >= ' ') {
      if (at.column >= size.columns) {
        if (modes.isWrapping) {
          feed(at);
          at.column = 0;
        } else at.column = size.columns - 1;
      }
      (at.rows[at.row] ??= [])[at.column] = character;
      at.column += 1;
    }
  }

  function feed(at: Cells): void {
    if (at.row + 1 < size.rows) at.row += 1;
    else at.rows = [...at.rows.slice(1), []];
  }

  function control(parameters: string, final: string): void {
    const at = cells();
    if (final === 'H') {
      const [row = 1, column = 1] = parameters.split(';').map(Number);
      [at.row, at.column] = [row - 1, column - 1];
    } else if (final === 'K') at.rows[at.row] = (at.rows[at.row] ?? []).slice(0, at.column);
    else if (final === 'J') at.rows = blank().rows;
    else if (final === 'h' || final === 'l') setMode(parameters, final === 'h');
  }

  function setMode(mode: string, isSet: boolean): void {
    if (mode === '?1049') {
      modes.isAlternate = isSet;
      if (isSet) alternate = blank();
    } else if (mode === '?25') modes.isCursorShown = isSet;
    else if (mode === '?7') modes.isWrapping = isSet;
  }

  const lines = (): string[] =>
    cells().rows.map((row) =>
      Array.from(row, (character: string | undefined) => character ?? ' ')
        .join('')
        .trimEnd(),
    );

  return {
    get isAlternate() {
      return modes.isAlternate;
    },
    get isCursorShown() {
      return modes.isCursorShown;
    },
    get isWrapping() {
      return modes.isWrapping;
    },
    write(text) {
      for (const [token, parameters, final] of text.matchAll(TOKEN)) {
        if (final !== undefined) control(parameters ?? '', final);
        else if (!token.startsWith('\u001b')) put(token);
      }
    },
    resize: (wide, high) => Object.assign(size, { columns: wide, rows: high }),
    lines,
    text: () => lines().join('\n'),
  };
}
