import { createKeyReader, type Key } from './keys.ts';
import { createScreen } from './screen.ts';

export interface Terminal extends Disposable {
  readonly size: { readonly columns: number; readonly rows: number };
  draw(lines: readonly string[]): void;
  /** The next frame is drawn whole. */
  redraw(): void;
  /** Gives the terminal back to the shell, as Ctrl-Z does, until this is brought to the foreground again. */
  toBackground(): void;
}

export interface TerminalEvents {
  onKey(key: Key): void;
  /** Another size, or back in the foreground. */
  onResize(): void;
  /** Nobody is there any more. */
  onGone(): void;
}

const USUAL = { columns: 80, rows: 24 } as const;

/**
 * Takes the terminal of this process, keys and screen, until it is disposed. However the process ends, but for a SIGKILL, the
 * terminal is given back as it was: by `dispose`, or at the latest when Node.js says that it exits, errors that nobody has
 * caught included, of which the report comes after that.
 */
export function takeTerminal(events: TerminalEvents): Terminal {
  const { stdin, stdout } = process;
  const keys = createKeyReader();
  // To a terminal Node.js writes at once, also in its last moment.
  const screen = createScreen((text) => stdout.write(text));

  const enter = (): void => {
    stdin.setRawMode(true);
    screen.enter();
  };
  const leave = (): void => {
    screen.leave();
    stdin.setRawMode(false);
  };
  const onData = (chunk: string): void => {
    for (const key of keys.read(chunk)) events.onKey(key);
  };
  const onResize = (): void => {
    screen.forget();
    events.onResize();
  };
  const onContinue = (): void => {
    enter();
    onResize();
  };
  const toBackground = (): void => {
    leave();
    process.kill(process.pid, 'SIGSTOP');
  };

  enter();
  stdin.setEncoding('utf8').on('data', onData).on('end', events.onGone).on('error', events.onGone).resume();
  stdout.on('resize', onResize);
  process.on('exit', leave).on('SIGCONT', onContinue).on('SIGTSTP', toBackground);
  return {
    get size() {
      const { columns, rows } = stdout;
      return { columns: columns > 0 ? columns : USUAL.columns, rows: rows > 0 ? rows : USUAL.rows };
    },
    draw: (lines) => screen.draw(lines),
    redraw: () => screen.forget(),
    toBackground,
    [Symbol.dispose]() {
      stdin.off('data', onData).off('end', events.onGone).off('error', events.onGone).pause();
      stdout.off('resize', onResize);
      process.off('exit', leave).off('SIGCONT', onContinue).off('SIGTSTP', toBackground);
      leave();
    },
  };
}
