import { spawn } from 'node:child_process';

import { createTerminalModel, type TerminalModel } from './terminal-model.ts';

export interface PtyOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly columns: number;
  readonly rows: number;
}

/** A shell command on a terminal of its own, as a person would see it. */
export interface Pty {
  readonly model: TerminalModel;
  /** All that was written, escapes included. */
  output(): string;
  type(keys: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves once the screen is so. */
  until(isSo: (screen: string) => boolean): Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** By `script` of util-linux, which every Debian has; what the shell says first is the name of its terminal. */
export async function openPty(command: string, { env, columns, rows }: PtyOptions): Promise<Pty> {
  const inner = `stty rows ${rows} cols ${columns}; tty; ${command}`;
  const child = spawn('script', ['--quiet', '--return', '--command', inner, '/dev/null'], {
    env: { ...env, SHELL: '/bin/sh', TERM: env['TERM'] ?? 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const model = createTerminalModel(columns, rows);
  let output = '';
  const waiters = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    model.write(text);
    for (const look of waiters) look();
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));

  const until = (isSo: (screen: string) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isSo(model.text())) return;
        waiters.delete(look);
        resolve();
      };
      waiters.add(look);
      look();
      void ended.then((code) => reject(new Error(`the command ended with ${String(code)}: ${output}`)));
    });
  await until(() => /\/dev\/\S+\r\n/.test(output));
  const device = /\/dev\/\S+/.exec(output)?.[0] ?? '';

  return {
    model,
    output: () => output,
    type: (keys) => void child.stdin.write(keys),
    resize: (wide, high) =>
      new Promise((resolve, reject) => {
        model.resize(wide, high);
        const stty = spawn('stty', ['-F', device, 'cols', String(wide), 'rows', String(high)], { stdio: 'inherit' });
        stty.once('error', reject).once('close', () => resolve());
      }),
    until,
    ended,
  };
}
