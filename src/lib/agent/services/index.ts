import type { AgentServices } from '../../api/index.ts';
import { runChecks } from '../doctor/index.ts';
import type { AgentCore } from '../running.ts';
import { createAuditServices, createTokenServices } from './access.ts';
import { agentLogs } from './agent-logs.ts';
import { createComputeServices } from './computes.ts';
import { createEventServices } from './events.ts';
import { createImageServices } from './images.ts';
import { createKeyServices } from './keys.ts';
import { createPoolServices } from './pools.ts';
import { createRateServices } from './rates.ts';
import { createReadiness } from './readiness.ts';
import { createProjectServices } from './projects.ts';
import { createSessionServices } from './sessions.ts';
import { createSetupServices } from './setup.ts';
import { agentStatus } from './status.ts';
import { createStorageServices } from './storage.ts';
import { createTagServices } from './tags.ts';
import { createTopService } from './top.ts';
import { createUsageServices } from './usage.ts';

/** What the API's routes call. */
export function createServices(core: AgentCore): AgentServices {
  return {
    agent: {
      status: () => agentStatus(core),
      logs: (query, signal) => agentLogs(core, query, signal),
      stop: () => core.stop(),
    },
    computes: createComputeServices(core),
    events: createEventServices(core),
    top: createTopService(core),
    usage: createUsageServices(core),
    rates: createRateServices(core),
    images: createImageServices(core),
    keys: createKeyServices(core),
    tags: createTagServices(core),
    pools: createPoolServices(core),
    projects: createProjectServices(core),
    sessions: createSessionServices(core),
    storage: createStorageServices(core),
    setup: createSetupServices(core),
    ready: createReadiness(core),
    tokens: createTokenServices(core),
    audit: createAuditServices(core),
    // Loaded by the first who asks: most agents are never asked.
    metrics: async () => (await import('../metrics/metrics-text.ts')).metricsText(core),
    doctor: (signal) => runChecks(core, signal),
  };
}
