import { describe, expect, it } from 'vitest';

import { firstFileOf } from '../../../../src/lib/drivers/docker/read-tar.ts';

/** @param type `0` a file, `2` a link, `x` an extended header */
function entry(type: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write('passwd', 0);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

const END = Buffer.alloc(1024);

describe('the first file in a tar archive', () => {
  it('is read with its exact length', () => {
    expect(firstFileOf(Buffer.concat([entry('0', 'mysql:x:999\n'), END]))).toBe('mysql:x:999\n');
  });

  it('is found behind an extended header of any length', () => {
    expect(firstFileOf(Buffer.concat([entry('x', 'y'.repeat(700)), entry('0', 'here'), END]))).toBe('here');
  });

  it.each([
    ['only a link', Buffer.concat([entry('2', ''), END])],
    ['nothing', END],
    ['not even an end', Buffer.alloc(0)],
  ])('is none when there is %s in it', (_, archive) => {
    expect(firstFileOf(archive)).toBeNull();
  });
});
