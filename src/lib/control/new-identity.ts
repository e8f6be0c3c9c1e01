import { randomBytes } from 'node:crypto';

import type { Secrets } from '../store/index.ts';

/** Of a compute, or of a spare that is to become one. */
export function newId(): string {
  return `c${randomBytes(6).toString('hex')}`;
}

export function newSecrets(): Secrets {
  return { rootPassword: newPassword(), userPassword: newPassword(), agentPassword: newPassword() };
}

/** 144 bits in characters that need no escaping in a URL or a shell. */
function newPassword(): string {
  return randomBytes(18).toString('base64url').replaceAll('-', 'x').replaceAll('_', 'y');
}
