import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export interface RotatingFileOptions {
  readonly path: string;
  /** From this size on the file becomes `agent.log.1`, and a new one is begun. */
  readonly maxBytes: number;
  /** How many older files are kept. */
  readonly keep: number;
}

export interface RotatingFile {
  /** Into the system's cache before it returns, so that nothing is lost when the process dies. Never throws. */
  write(text: string): void;
  close(): void;
}

/** A file that only its owner can read. Its path stays the same: older ones get numbers. */
export function openRotatingFile({ path, maxBytes, keep }: RotatingFileOptions): RotatingFile {
  let file = openSync(path, 'a', 0o600);
  let bytes = fstatSync(file).size;
  let isOpen = true;

  function rotate(): void {
    shift(path, keep);
    const next = openSync(path, 'a', 0o600);
    closeSync(file);
    file = next;
    bytes = 0;
  }

  return {
    write(text) {
      if (!isOpen) return;
      try {
        bytes += writeSync(file, text);
        if (bytes >= maxBytes) rotate();
      } catch {
        // A log that cannot be written (disk full) has nowhere to say so, and must not stop what it tells about.
      }
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

/** `agent.log` becomes `agent.log.1`, that `agent.log.2`, and the last one goes. */
function shift(path: string, keep: number): void {
  rmSync(`${path}.${keep}`, { force: true });
  for (let number = keep - 1; number >= 1; number -= 1) {
    if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}
