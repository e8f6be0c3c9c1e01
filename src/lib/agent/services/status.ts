import { isoTime, type AgentStatus } from '../../api/index.ts';
import type { LedgerProblem } from '../../control/index.ts';
import type { AgentCore } from '../running.ts';

export async function agentStatus(core: AgentCore): Promise<AgentStatus> {
  const { gateway, control } = await core.running;
  const { version, paths, settings, store, started } = core;
  return {
    pid: process.pid,
    version,
    node: process.version,
    home: paths.home,
    homeId: store.homeId,
    startedAt: isoTime(started.wallMs),
    socket: paths.socket,
    log: paths.logFile,
    remote: remoteView(core),
    gateway: { host: settings.gatewayHost, sharedPort: gateway.sharedPort },
    ledgerProblem: ledgerView(control.ledgerProblem()),
    computes: countByState(core),
    hosts: control.hosts().map((host) => ({ ...host })),
    rssBytes: process.memoryUsage.rss(),
  };
}

function remoteView({ remoteFacts }: AgentCore): AgentStatus['remote'] {
  const facts = remoteFacts();
  if (facts === null) return null;
  const { certificateExpiresAtMs, ...others } = facts;
  return { ...others, certificateExpiresAt: isoTime(certificateExpiresAtMs) };
}

function ledgerView(problem: LedgerProblem | null): AgentStatus['ledgerProblem'] {
  if (problem === null) return null;
  const { error, sinceMs } = problem;
  return { code: error.code, message: error.message, since: isoTime(sinceMs) };
}

function countByState({ store }: AgentCore): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of store.listComputes()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
