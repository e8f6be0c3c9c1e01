import type { StorageFlavour, StorageKind } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/** Where each service listens when nobody says otherwise. */
const DEFAULT_PORTS: Readonly<Record<StorageFlavour, Readonly<Record<StorageKind, number>>>> = {
  'serverless-mariadb': { pageServer: 8080, safekeepers: 8090 },
  neon: { pageServer: 9898, safekeepers: 7676 },
};

/**
 * The origin of an endpoint, from what a person types: `https://ps-1:8080`, `http://ps-1`, `ps-1`, `ps-1:8080`.
 * @throws STORAGE_INVALID
 */
export function parseEndpoint(text: string, flavour: StorageFlavour, kind: StorageKind): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  // Not repeated: that is just what must not be shown.
  if (url !== null && (url.username !== '' || url.password !== '')) {
    throw invalid(`a credential does not belong in the URL of ${url.host}`, 'use --auth with --secret-file');
  }
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw invalid(`${text.includes('@') ? 'what was given' : `"${text}"`} is not the URL of an endpoint`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid(`"${text}" has a path; an endpoint is only a host and a port`);
  }
  const hasPort = url.port !== '' || /:\d+\/?$/.test(text);
  const port = hasPort ? url.port || (url.protocol === 'https:' ? '443' : '80') : String(DEFAULT_PORTS[flavour][kind]);
  return `${url.protocol}//${url.hostname}:${port}`;
}

function invalid(message: string, hint = 'write it like https://ps-1:8080'): DozeError {
  return new DozeError('STORAGE_INVALID', message, { hint });
}
