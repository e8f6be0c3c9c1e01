import type { ContainerInspectInfo } from 'dockerode';

import type { Clock } from '../../clock.ts';
import { systemCode } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import type { InstanceId } from '../driver.ts';
import { setCpus } from './cpu-quota.ts';
import type { CgroupFacts } from './engine-facts.ts';
import { openCgroup } from './hibernation/cgroup-files.ts';
import { findCgroup } from './hibernation/find-cgroup.ts';
import { LABEL } from './labels.ts';

/**
 * A start takes 90 ms of CPU time, most of it on one thread. A quarter of a CPU has 25 ms of it in each tenth of a second, so
 * that the server is stopped three times on its way up. So a small compute has one whole CPU until it answers. Measured
 * in turn on a busy machine, wake from parked to the first row: 0.38 of the time at 0.25 CU, 0.66 at 0.5 CU, no difference at 1.
 */
const LENT_CPUS = 1;
/** A recovery may take minutes: after this it goes on at the compute's own pace. */
const LONGEST_LOAN_MS = 5_000;

type Limited = Pick<ContainerInspectInfo, 'Id' | 'State' | 'HostConfig' | 'Config'>;

/**
 * CPU that is lent to servers for their start, where the agent may write to their cgroups. Docker's own record of the
 * limit is never touched, and tells what is right: whatever an agent that died has lent is taken back by the next.
 */
export interface CpuLoans {
  /** Before the server is launched. Never rejects: without it the start is only slower. */
  lend(container: Limited, signal: AbortSignal): Promise<void>;
  /** Never rejects. */
  takeBack(computeId: InstanceId): Promise<void>;
  /** Takes back what an agent before this one has lent. Never rejects, and costs nothing the second time. */
  putRight(container: Limited): Promise<void>;
  /** The container is gone. */
  forget(containerId: string): void;
  close(): Promise<void>;
}

interface Loan {
  readonly expiry: AbortController;
  readonly end: () => Promise<void>;
}

export interface CpuLoansDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  cgroups(signal: AbortSignal): Promise<CgroupFacts>;
}

export function createCpuLoans(deps: CpuLoansDeps): CpuLoans {
  const { clock, logger } = deps;
  const loans = new Map<InstanceId, Loan>();
  /** Containers whose limit is known to be theirs, unless something is lent. */
  const right = new Set<string>();

  const set = async (container: Limited, cpus: number, signal: AbortSignal): Promise<void> => {
    const cgroups = await deps.cgroups(signal);
    if (!cgroups.isOurKernel) return;
    const directory = await findCgroup(container, cgroups.version, 'cpu');
    if (directory !== null) await setCpus(openCgroup(directory), cgroups.version, cpus);
  };
  const restore = async (container: Limited): Promise<void> => {
    try {
      await set(container, cpusOf(container), NEVER);
      right.add(container.Id);
    } catch (error) {
      // ENOENT, ENODEV: the container has ended, and its next start begins with its own limit.
      if (!GONE.has(systemCode(error) ?? '')) logger.warn({ error: String(error) }, 'lent CPU was not taken back');
    }
  };
  const takeBack = async (computeId: InstanceId): Promise<void> => {
    const loan = loans.get(computeId);
    loans.delete(computeId);
    loan?.expiry.abort();
    await loan?.end();
  };

  return {
    async lend(container, signal) {
      const cpus = cpusOf(container);
      const computeId = computeOf(container);
      if (cpus === 0 || cpus >= LENT_CPUS) return;
      const expiry = new AbortController();
      const loan = { expiry, end: () => restore(container) };
      loans.get(computeId)?.expiry.abort();
      loans.set(computeId, loan);
      right.delete(container.Id);
      try {
        await set(container, LENT_CPUS, signal);
      } catch {
        // Not ours to write, or not more than the cgroup above it has: then it is a start without a loan.
        loans.delete(computeId);
        return;
      }
      clock.sleep(LONGEST_LOAN_MS, expiry.signal).then(
        () => takeBack(computeId),
        () => undefined,
      );
    },
    takeBack,
    async putRight(container) {
      if (right.has(container.Id) || loans.has(computeOf(container)) || cpusOf(container) === 0) return;
      await restore(container);
    },
    forget: (containerId) => void right.delete(containerId),
    async close() {
      await Promise.all([...loans.keys()].map(takeBack));
    },
  };
}

const NEVER = new AbortController().signal;
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENODEV']);

/** 0 when nothing limits it. */
function cpusOf({ HostConfig: { NanoCpus: nano = 0 } }: Limited): number {
  return nano / 1e9;
}

function computeOf({ Config: { Labels: labels } }: Limited): InstanceId {
  return labels[LABEL.compute] ?? '';
}
