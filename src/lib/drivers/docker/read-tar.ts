const BLOCK = 512;
const SIZE_AT = 124;
const SIZE_END = 136;
const TYPE_AT = 156;

/** The text of the first regular file in a tar archive; null if there is none. Docker gives single files only as such. */
export function firstFileOf(archive: Buffer): string | null {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(header.toString('latin1', SIZE_AT, SIZE_END), 8);
    // Two blocks of zeros end the archive: no size in them.
    if (Number.isNaN(size)) return null;
    const body = at + BLOCK;
    // `0` and, in old archives, a zero byte are regular files; others are links, directories and extended headers.
    const type = header[TYPE_AT];
    if (type === 0x30 || type === 0) return archive.toString('utf8', body, body + size);
    at = body + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}
