import { DozeError } from '../../errors/index.ts';

/**
 * `https://db.example:7443`, as it is kept: small letters, nothing after the port.
 * @throws VALUE_INVALID
 */
export function parseAgentUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain =
    url?.protocol === 'https:' &&
    url.hostname !== '' &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '') &&
    url.pathname === '/';
  if (isPlain) return url.origin;
  throw new DozeError('VALUE_INVALID', `"${text}" is not the address of an agent`, {
    hint: 'write it like https://db.example:7443; doze agent listen says it on that machine',
  });
}
