import { once } from 'node:events';

/** Writes many lines to stdout as fast as its reader takes them, and holds no more than a part of them. */
export interface TextWriter {
  line(text: string): Promise<void>;
  end(): Promise<void>;
}

const PART_LENGTH = 64 * 1024;

export function createTextWriter(): TextWriter {
  let part = '';

  async function flush(): Promise<void> {
    const text = part;
    part = '';
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
  }

  return {
    async line(text) {
      part += `${text}\n`;
      if (part.length >= PART_LENGTH) await flush();
    },
    end: flush,
  };
}
