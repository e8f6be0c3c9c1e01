/** What is written to a terminal: the alternate screen, no cursor, no wrapping of what reaches the edge; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J';
/** Terminals that know it show all of a frame at once; others ignore it. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const END_OF_LINE = '\u001b[0m\u001b[K';

/** Draws whole screens by what differs from the one before, so that nothing flickers and little goes over a slow line. */
export interface Screen {
  enter(): void;
  /** As often as wanted: what is left is left. */
  leave(): void;
  /** Nothing while it is left. */
  draw(lines: readonly string[]): void;
  /** Forgets what there is: the next frame is drawn whole. */
  forget(): void;
}

export function createScreen(write: (text: string) => unknown): Screen {
  let isEntered = false;
  let drawn: readonly string[] | null = null;
  return {
    enter() {
      if (isEntered) return;
      isEntered = true;
      drawn = null;
      write(ENTER);
    },
    leave() {
      if (!isEntered) return;
      isEntered = false;
      write(LEAVE);
    },
    draw(lines) {
      if (!isEntered) return;
      const changes = frame(drawn, lines);
      drawn = lines;
      if (changes !== '') write(`${BEGIN_FRAME}${changes}${END_FRAME}`);
    },
    forget() {
      drawn = null;
    },
  };
}

/** Pure. What brings a screen of these lines to those; null is a screen of which nothing is known. */
export function frame(before: readonly string[] | null, lines: readonly string[]): string {
  const old = before ?? [];
  const changed = Array.from({ length: Math.max(old.length, lines.length) }, (_, row) => row)
    .filter((row) => before === null || old[row] !== lines[row])
    .map((row) => `\u001b[${row + 1};1H${lines[row] ?? ''}${END_OF_LINE}`);
  return `${before === null ? CLEAR : ''}${changed.join('')}`;
}
