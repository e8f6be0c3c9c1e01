import type { SafekeeperFacts } from '../domain/index.ts';
import { asFields, countAt, fieldsAt, textAt, type Fields } from './fields.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { pingSparingly } from './ping-sparingly.ts';
import { failed, wrongService, type ServiceClient } from './service-client.ts';

/** Paths below `/api/v1`. Ping and a Safekeeper's metrics are open; all else needs the credential. */
const PING: HttpCall = { method: 'GET', path: '/api/v1/ping', needsCredential: false };
const PAGE_SERVER_METRICS: HttpCall = { method: 'GET', path: '/api/v1/metrics', needsCredential: true };
const SAFEKEEPER_METRICS: HttpCall = { method: 'GET', path: '/api/v1/metrics', needsCredential: false };

export function createServerlessPageServer(http: HttpClient): ServiceClient {
  const saysAll = (metrics: unknown): boolean => fieldsAt(asFields(metrics), 'storage') !== null;
  const ask = pingSparingly(http, { ping: PING, metrics: PAGE_SERVER_METRICS, saysAll });
  return {
    look: async (signal) => {
      const { ping, metrics } = await ask(signal);
      if (ping.kind === 'failed') return failed(ping);
      const pinged = asFields(ping.json);
      if (textAt(pinged, 'status') !== 'ok')
        return wrongService('its ping is not that of a serverless-mariadb Page Server');
      if (textAt(pinged, 'state') !== null) return wrongService('it is a Safekeeper, not a Page Server');
      if (metrics.kind === 'failed' && !isMissing(metrics.status)) return failed(metrics);
      const measured = metrics.kind === 'failed' ? null : asFields(metrics.json);
      return {
        kind: 'answered',
        facts: {
          kind: 'pageServer',
          version: textAt(pinged, 'version'),
          latestLsn: countAt(fieldsAt(measured, 'storage'), 'latest_lsn'),
          storageType: textAt(measured, 'storage_type'),
          diskUsageBytes: null,
        },
      };
    },
  };
}

export function createServerlessSafekeeper(http: HttpClient): ServiceClient {
  const saysAll = (metrics: unknown): boolean => textAt(fieldsAt(asFields(metrics), 'metrics'), 'state') !== null;
  const ask = pingSparingly(http, { ping: PING, metrics: SAFEKEEPER_METRICS, saysAll });
  return {
    look: async (signal) => {
      const { ping, metrics } = await ask(signal);
      if (ping.kind === 'failed') return failed(ping);
      const pinged = asFields(ping.json);
      const told = metrics.kind === 'failed' ? null : asFields(metrics.json);
      if (textAt(pinged, 'status') !== 'ok')
        return wrongService('its ping is not that of a serverless-mariadb Safekeeper');
      if (fieldsAt(told, 'storage') !== null) return wrongService('it is a Page Server, not a Safekeeper');
      if (metrics.kind === 'failed' && !isMissing(metrics.status)) return failed(metrics);
      return { kind: 'answered', facts: safekeeperFacts(textAt(pinged, 'version'), textAt(pinged, 'state'), told) };
    },
  };
}

function safekeeperFacts(version: string | null, state: string | null, told: Fields | null): SafekeeperFacts {
  const metrics = fieldsAt(told, 'metrics');
  return {
    kind: 'safekeeper',
    version,
    replicaId: textAt(metrics, 'replica_id'),
    role: roleOf(textAt(metrics, 'state') ?? state),
    term: countAt(metrics, 'term'),
    latestLsn: countAt(metrics, 'latest_lsn'),
    quorumSize: countAt(metrics, 'quorum_size'),
    cluster: textAt(metrics, 'default_timeline'),
  };
}

function roleOf(text: string | null): SafekeeperFacts['role'] {
  const role = text?.toLowerCase();
  return role === 'leader' || role === 'follower' || role === 'candidate' ? role : null;
}

/** An older version without metrics: what it would tell stays unknown. */
function isMissing(status: number | null): boolean {
  return status === 404;
}
