import type { Check } from '../../api/index.ts';
import type { AgentSettings } from '../../config/index.ts';
import type { RemoteFacts } from '../remote.ts';
import { ok, warning } from './check.ts';

const LOOPBACK = /^(127\.|::1$|localhost$)/;
const MONTH_MS = 30 * 86_400_000;

/** Of an agent that lets other machines in: whether they get as far as the databases, and not in plain. */
export function checkRemote(
  facts: RemoteFacts | null,
  { gatewayHost, tls }: Pick<AgentSettings, 'gatewayHost' | 'tls'>,
  nowMs: number,
): readonly Check[] {
  if (facts === null) return [];
  const summary = `${facts.url}, key ${facts.fingerprint}`;
  const expiresAt = new Date(facts.certificateExpiresAtMs).toISOString().slice(0, 10);
  if (facts.certificateExpiresAtMs - nowMs < MONTH_MS) {
    return [
      warning(
        'remote',
        `${summary}; its certificate ends on ${expiresAt}`,
        'put a newer one where doze config get tlsCert says',
      ),
    ];
  }
  if (!LOOPBACK.test(facts.host) && LOOPBACK.test(gatewayHost)) {
    return [
      warning(
        'remote',
        `${summary}; the databases' ports are for this machine only (gatewayHost is ${gatewayHost})`,
        'doze config set gatewayHost 0.0.0.0, and publicHost to what others call this machine',
      ),
    ];
  }
  if (!LOOPBACK.test(gatewayHost) && tls !== 'required') {
    return [
      warning('remote', `${summary}; clients elsewhere may talk to databases in plain`, 'doze config set tls required'),
    ];
  }
  return [ok('remote', summary)];
}
