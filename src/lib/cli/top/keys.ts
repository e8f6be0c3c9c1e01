/** A key as its meaning for the table: a character as it is, or the name of one that has none. */
export type Key = string;

const NAMED: Readonly<Record<string, Key>> = {
  '\u0003': 'ctrl-c',
  '\u0004': 'ctrl-d',
  '\u000c': 'ctrl-l',
  '\u001a': 'ctrl-z',
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001b[C': 'right',
  '\u001b[D': 'left',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
  '\u001b[1~': 'home',
  '\u001b[4~': 'end',
  '\u001b[7~': 'home',
  '\u001b[8~': 'end',
};

/** One key: a whole sequence (CSI, or SS3 as in application mode), or a character. */
const ONE_KEY = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001bO[A-Za-z]|[^\u001b]|\u001b(?=[^[O])/gu;
const UNFINISHED = /\u001b(?:\[[0-9;?]*[ -/]*|O)?$/u;

export interface KeyReader {
  /** What a chunk of input comes to. A sequence that is cut off, as over a slow line, is finished by the next chunk. */
  read(chunk: string): Key[];
}

export function createKeyReader(): KeyReader {
  let rest = '';
  return {
    read(chunk) {
      const text = rest + chunk;
      rest = UNFINISHED.exec(text)?.[0] ?? '';
      const whole = text.slice(0, text.length - rest.length);
      return (whole.match(ONE_KEY) ?? []).map(nameOf);
    },
  };
}

/** In application mode a terminal writes `ESC O A` for `ESC [ A`; and Ctrl with an arrow is an arrow. */
function nameOf(sequence: string): Key {
  const plain = sequence.replace(/^\u001bO/u, '\u001b[').replace(/^\u001b\[1;\d([A-H])$/u, '\u001b[$1');
  return NAMED[plain] ?? plain;
}
