import { readFileSync } from 'node:fs';

import type { AgentSettings, DozePaths } from '../../config/index.ts';

/**
 * What a client has to trust to trust the gateway, in PEM: the home's own certificate. Null for one that is given, which the
 * certificate authorities vouch for or not, and where there is none yet.
 */
export function readOwnAuthority(
  { tls, tlsCert }: Pick<AgentSettings, 'tls' | 'tlsCert'>,
  { certificateFile }: Pick<DozePaths, 'certificateFile'>,
): string | null {
  if (tls === 'off' || tlsCert !== null) return null;
  try {
    return readFileSync(certificateFile, 'utf8');
  } catch {
    // A client that is told nothing asks the certificate authorities, and refuses: nothing is trusted by mistake.
    return null;
  }
}
