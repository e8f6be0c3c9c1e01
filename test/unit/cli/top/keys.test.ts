import { describe, expect, it } from 'vitest';

import { createKeyReader } from '../../../../src/lib/cli/top/keys.ts';

const keysOf = (...chunks: string[]): string[] => {
  const reader = createKeyReader();
  return chunks.flatMap((chunk) => reader.read(chunk));
};

describe('what comes from a terminal', () => {
  it.each([
    ['q', ['q']],
    ['jjk', ['j', 'j', 'k']],
    ['\u001b[A\u001b[B', ['up', 'down']],
    ['\u001bOA\u001bOB', ['up', 'down']],
    ['\u001b[1;5A', ['up']],
    ['\u001b[5~\u001b[6~', ['page-up', 'page-down']],
    ['\u001b[H\u001b[F\u001b[1~\u001b[4~\u001bOH', ['home', 'end', 'home', 'end', 'home']],
    ['\u0003\u001a\u000c', ['ctrl-c', 'ctrl-z', 'ctrl-l']],
    ['é', ['é']],
  ])('%j is the keys %j', (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  it('is put together again where a slow line has cut it', () => {
    expect(keysOf('\u001b', '[', '5', '~', 'q')).toEqual(['page-up', 'q']);
    expect(keysOf('s\u001b[', 'A')).toEqual(['s', 'up']);
  });

  it('is not confused by sequences of which it knows nothing, or by a lone Escape', () => {
    expect(keysOf('\u001b[200~q')).toEqual(['\u001b[200~', 'q']);
    expect(keysOf('\u001b[<0;12;3Mq')).toContain('q');
    expect(keysOf('\u001b', 'q')).toEqual(['\u001b', 'q']);
  });
});
