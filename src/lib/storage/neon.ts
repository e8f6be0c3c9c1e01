import { asFields, countAt, textAt } from './fields.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { failed, wrongService, type ServiceClient } from './service-client.ts';

/** Open on either service; see Neon's `openapi_spec.yml` of pageserver and safekeeper. */
const STATUS: HttpCall = { method: 'GET', path: '/v1/status', needsCredential: false };
const UTILIZATION: HttpCall = { method: 'GET', path: '/v1/utilization', needsCredential: true };

export function createNeonPageServer(http: HttpClient): ServiceClient {
  return {
    look: async (signal) => {
      const [status, utilization] = await Promise.all([http.call(STATUS, signal), http.call(UTILIZATION, signal)]);
      if (status.kind === 'failed') return failed(status);
      if (textAt(asFields(status.json), 'id') === null)
        return wrongService("its status is not that of Neon's pageserver");
      if (utilization.kind === 'failed' && utilization.status !== 404) return failed(utilization);
      const used = utilization.kind === 'failed' ? null : asFields(utilization.json);
      if (countAt(used, 'timeline_count') !== null && countAt(used, 'disk_usage_bytes') === null)
        return wrongService('it is a safekeeper, not a pageserver');
      return {
        kind: 'answered',
        facts: {
          kind: 'pageServer',
          version: null,
          latestLsn: null,
          storageType: null,
          diskUsageBytes: countAt(used, 'disk_usage_bytes'),
        },
      };
    },
  };
}

export function createNeonSafekeeper(http: HttpClient): ServiceClient {
  return {
    look: async (signal) => {
      const [status, utilization] = await Promise.all([http.call(STATUS, signal), http.call(UTILIZATION, signal)]);
      if (status.kind === 'failed') return failed(status);
      const id = textAt(asFields(status.json), 'id');
      if (id === null) return wrongService("its status is not that of Neon's safekeeper");
      if (utilization.kind === 'failed' && utilization.status !== 404) return failed(utilization);
      const used = utilization.kind === 'failed' ? null : asFields(utilization.json);
      if (countAt(used, 'disk_usage_bytes') !== null) return wrongService('it is a pageserver, not a safekeeper');
      return {
        kind: 'answered',
        facts: {
          kind: 'safekeeper',
          version: null,
          replicaId: id,
          role: null,
          term: null,
          latestLsn: null,
          quorumSize: null,
          cluster: null,
        },
      };
    },
  };
}
