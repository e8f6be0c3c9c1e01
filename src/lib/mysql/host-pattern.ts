const MANY = '%';
const ONE = '_';
const ESCAPE = '\\';

/**
 * Whether a client at `address` is one that the host part of an account means, as MariaDB does it with
 * --skip-name-resolve: an address or a name with `%` and `_`, or address/netmask. Names, `localhost` included,
 * are compared like any text, so an address never matches them.
 */
export function matchesHost(pattern: string, address: string): boolean {
  const network = parseNetwork(pattern);
  const ip = parseAddress(address);
  if (network !== null && network.mask !== 0 && ip !== null) return (ip & network.mask) === network.ip;
  // The historical meaning of an empty host.
  return matchesWildcards(pattern === '' ? MANY : pattern, address);
}

interface Network {
  readonly ip: number;
  readonly mask: number;
}

function parseNetwork(pattern: string): Network | null {
  const slash = pattern.indexOf('/');
  if (slash === -1) return null;
  const ip = parseAddress(pattern.slice(0, slash));
  const mask = parseAddress(pattern.slice(slash + 1));
  return ip === null || mask === null ? null : { ip, mask };
}

function parseAddress(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((ip, part) => (ip << 8) | part, 0);
}

/** Iterative, so that a hostile pattern costs its length times the text's at most. */
function matchesWildcards(pattern: string, text: string): boolean {
  const left = pattern.toLowerCase();
  const right = text.toLowerCase();
  let at = 0;
  let from = 0;
  let afterMany = -1;
  let retryFrom = 0;
  while (from < right.length) {
    if (left[at] === MANY) {
      afterMany = ++at;
      retryFrom = from;
      continue;
    }
    const isEscaped = left[at] === ESCAPE && at + 1 < left.length;
    const wanted = isEscaped ? left[at + 1] : left[at];
    if (wanted === right[from] || (!isEscaped && wanted === ONE)) {
      at += isEscaped ? 2 : 1;
      from += 1;
    } else if (afterMany !== -1) {
      at = afterMany;
      from = ++retryFrom;
    } else {
      return false;
    }
  }
  while (left[at] === MANY) at += 1;
  return at === left.length;
}

const MAX_HOST_LENGTH = 255;
const MAX_WILDCARDS = 31;

/**
 * How general a pattern is: MariaDB (since 10.5) tries the smallest first. With N literal characters, M times `_`,
 * K times `%` and P literals before the first of them, as `get_magic_sort` in its sql_acl.cc counts.
 */
export function hostGenerality(pattern: string): bigint {
  const { literals, ones, manies, prefix } = countParts(pattern === '' ? MANY : pattern);
  const loose = manies > 0 ? MAX_HOST_LENGTH - literals - ones : 0;
  const base = BigInt(MAX_HOST_LENGTH + 1);
  const small = 32n;
  const [first, second, third] = loose > ones ? [loose * 2 + 1, manies, ones] : [ones * 2, loose, manies];
  return ((BigInt(first) * base + BigInt(second)) * small + BigInt(third)) * base + BigInt(prefix);
}

interface PatternParts {
  readonly literals: number;
  readonly ones: number;
  readonly manies: number;
  readonly prefix: number;
}

function countParts(pattern: string): PatternParts {
  let literals = 0;
  let ones = 0;
  let manies = 0;
  let prefix = 0;
  for (let i = 0; i < pattern.length; i++) {
    const isWild = pattern[i] === MANY || pattern[i] === ONE;
    if (isWild && ones + manies === 0) prefix = literals;
    if (pattern[i] === MANY) {
      manies += 1;
      while (pattern[i + 1] === MANY) i += 1;
    } else if (pattern[i] === ONE) {
      ones += 1;
    } else {
      if (pattern[i] === ESCAPE && i + 1 < pattern.length) i += 1;
      literals += 1;
    }
  }
  return { literals, ones: Math.min(ones, MAX_WILDCARDS), manies: Math.min(manies, MAX_WILDCARDS), prefix };
}
