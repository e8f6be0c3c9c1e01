import type { StorageCredential } from '../domain/index.ts';

export function authorization(credential: StorageCredential | null): Readonly<Record<string, string>> {
  switch (credential?.kind) {
    case 'apiKey':
      return { 'x-api-key': credential.key };
    case 'bearer':
      return { authorization: `Bearer ${credential.token}` };
    case 'basic': {
      const pair = Buffer.from(`${credential.user}:${credential.password}`).toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    case undefined:
      return {};
  }
}
