import { DozeError } from '../errors/index.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Reads `10GiB`, `500MB`, `1.5T`, or a bare number of bytes. @throws VALUE_INVALID */
export function parseBytes(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(amount) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (amount !== '' && Number.isSafeInteger(bytes)) return bytes;
  throw new DozeError('VALUE_INVALID', `"${text}" is not a size`, { hint: 'write it like 500MB, 10GiB or 1TiB' });
}
