import type { ContainerInspectInfo } from 'dockerode';

import { CLIENT_ADDRESS_OPTION } from '../../engines/index.ts';
import type { Endpoint, Instance, InstanceExit } from '../driver.ts';
import { SERVER_PORT } from './container-options.ts';
import type { Reach } from './engine-facts.ts';
import { LABEL } from './labels.ts';
import { EXIT_OUT_OF_MEMORY, type Report } from './supervisor.ts';

/** The parts of Docker's answer that matter here. */
export type ContainerFacts = Pick<ContainerInspectInfo, 'Id'> & {
  readonly State: Pick<ContainerInspectInfo['State'], 'Status' | 'ExitCode' | 'OOMKilled' | 'StartedAt' | 'FinishedAt'>;
  readonly Config: Pick<ContainerInspectInfo['Config'], 'Labels'> & {
    /** Null where the image has none either. */
    readonly Cmd?: readonly string[] | null;
  };
  readonly NetworkSettings: Pick<ContainerInspectInfo['NetworkSettings'], 'Networks' | 'Ports'>;
};

/** @param report of the supervisor; null unless the container runs */
export function describeContainer(container: ContainerFacts, report: Report | null, reach: Reach): Instance {
  const computeId = container.Config.Labels[LABEL.compute] ?? '';
  const { Status: status } = container.State;
  if (status === 'paused') return { computeId, state: 'frozen', endpoint: endpointOf(container, reach), exit: null };
  if (status !== 'running') return { computeId, state: 'stopped', endpoint: null, exit: exitOf(container) };
  if (report?.state !== 'parked')
    return { computeId, state: 'running', endpoint: endpointOf(container, reach), exit: null };
  return { computeId, state: 'parked', endpoint: null, exit: parkedExit(report) };
}

/** Null when the network is not up yet. */
export function endpointOf(container: ContainerFacts, reach: Reach): Endpoint | null {
  const { NetworkSettings: settings } = container;
  const network = Object.values(settings.Networks)[0];
  if (network === undefined) return null;
  const view = { seenAs: network.Gateway, takesClientAddress: takesClientAddress(container, reach) };
  if (reach.kind === 'direct') {
    return network.IPAddress === '' ? null : { host: network.IPAddress, port: SERVER_PORT, ...view };
  }
  // The value is null while the container is not running.
  const bindings = settings.Ports[`${SERVER_PORT}/tcp`] as { HostPort: string }[] | null | undefined;
  const port = bindings?.[0]?.HostPort;
  return port === undefined ? null : { host: reach.host, port: Number(port), ...view };
}

/** Only from here on this machine are we sure to come from a network whose word the server takes. */
function takesClientAddress({ Config: { Cmd: command } }: ContainerFacts, reach: Reach): boolean {
  const isNear = reach.kind === 'direct' || reach.bindTo === '127.0.0.1';
  return isNear && (command ?? []).some((argument) => argument.startsWith(CLIENT_ADDRESS_OPTION));
}

/** Null when it never ran. */
function exitOf({ State: state }: ContainerFacts): InstanceExit | null {
  const atMs = Date.parse(state.FinishedAt);
  // The year 1 is Docker's way to say never.
  if (Number.isNaN(atMs) || atMs <= 0) return null;
  return { atMs, ...exitCode(state.ExitCode, state.OOMKilled) };
}

/**
 * A server that its memory limit killed ended by SIGKILL. Docker's own word for it covers the first process alone,
 * which is the supervisor.
 */
export function exitCode(code: number, isFirstProcessOutOfMemory: boolean): Omit<InstanceExit, 'atMs'> {
  if (code === EXIT_OUT_OF_MEMORY) return { code: 137, isOutOfMemory: true };
  return { code, isOutOfMemory: isFirstProcessOutOfMemory && code === 137 };
}

function parkedExit(report: Extract<Report, { state: 'parked' }>): InstanceExit | null {
  return report.endedAtMs === null ? null : { atMs: report.endedAtMs, code: report.code, isOutOfMemory: false };
}
