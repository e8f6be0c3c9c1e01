const BLOCK = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH = 8;

/** A tar archive (ustar) of one file, which is root's: Docker takes single files only as such. @param mode such as 0o444 */
export function tarOf(name: string, content: string, mode: number): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(body.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  // It counts itself as blanks.
  header.fill(' ', CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_LENGTH);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 6)}\0 `, CHECKSUM_AT);
  const padding = Buffer.alloc(-body.length & (BLOCK - 1));
  return Buffer.concat([header, body, padding, Buffer.alloc(2 * BLOCK)]);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
