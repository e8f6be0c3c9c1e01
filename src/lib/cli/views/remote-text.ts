import type { AgentStatus } from '../../api/client/index.ts';
import { formatInstant } from './format.ts';

/** Lines about where other machines find an agent, and what to type there. */
export function remoteText(remote: AgentStatus['remote']): string[] {
  if (remote === null) return [];
  const { host, port, url, fingerprint, certificateExpiresAt } = remote;
  const place = host.includes(':') ? `[${host}]` : host;
  return [
    `remote    ${place}:${port}, certificate until ${formatInstant(certificateExpiresAt)}`,
    `key       ${fingerprint}`,
    `there     doze context add NAME ${url} --fingerprint ${fingerprint}`,
  ];
}
