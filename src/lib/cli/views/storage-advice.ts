import type { StorageView } from '../../api/client/index.ts';

type Finding = StorageView['findings'][number];

/** What to do about the worst of what was found; null where nothing is to be done. */
export function adviceFor({ name, findings, kind, endpoints }: StorageView): string | null {
  const [worst] = findings;
  if (worst === undefined) return null;
  const where = worst.endpoint ?? 'them';
  const fault = endpoints.find(({ url }) => url === worst.endpoint)?.lastError?.fault;
  switch (worst.code) {
    case 'neverChecked':
    case 'checkFailed':
      return `doze storage status ${name} --check, and look at this host's own network if it stays so`;
    case 'noAnswer':
    case 'replicaMissing':
      return adviceForSilence(where, fault, kind);
    case 'noQuorum':
      return `bring a replica back: ${missing(endpoints).join(' or ')}; nothing can be committed until then`;
    case 'splitBrain':
      return 'stop all but one of the leaders now: each takes commits that the other does not know';
    case 'noLeader':
      return 'look at the logs of the replicas: none of them stands for election';
    case 'electing':
      return `wait a moment, then: doze storage status ${name} --check`;
    case 'mixedClusters':
    case 'duplicateReplica':
      return `doze storage remove ${name}, and add it again with the replicas of one cluster, each once`;
    default:
      return adviceForDegraded(worst, where);
  }
}

function adviceForSilence(where: string, fault: string | undefined, kind: StorageView['kind']): string {
  if (fault === 'unauthorized') return `register it again with the credential that ${where} accepts`;
  if (fault === 'certificate') return `register it again with --ca-file, or give ${where} a certificate for its name`;
  if (fault === 'wrongService') return 'register it again as what it is';
  const risk = kind === 'pageServer' ? 'computes on it cannot start' : 'one more lost may be one too many';
  return `see that ${where} runs and can be reached from here; until then ${risk}`;
}

function adviceForDegraded({ code }: Finding, where: string): string {
  switch (code) {
    case 'slow':
      return `look at the load of ${where}`;
    case 'replicaBehind':
    case 'behindGroup':
      return `watch whether it catches up (--watch); if not, look at the disk and the network of ${where}`;
    case 'aheadOfGroup':
      return 'check that the Page Server is registered with the group that it follows';
    case 'staleLeader':
      return `restart ${where} if it does not step down by itself`;
    default:
      return 'compare the versions and settings of the replicas';
  }
}

function missing(endpoints: StorageView['endpoints']): string[] {
  return endpoints.filter(({ state }) => state !== 'answers').map(({ url }) => url);
}
