import type { ContainerCreateOptions } from 'dockerode';

import { memoryBytes } from '../../domain/index.ts';
import { tlsArguments } from '../../engines/index.ts';
import type { InstanceSpec } from '../driver.ts';
import type { EngineFacts } from './engine-facts.ts';
import { computeLabels } from './labels.ts';
import { containerName, networkName, volumeName } from './names.ts';
import { SUPERVISOR } from './supervisor.ts';

/** The unprivileged user that Debian's packages, the vendor's images and ours all have. */
export const SERVER_USER = 'mysql';
export const SERVER_PORT = 3306;
/** Where the vendor's image has its volume too, so that a new volume gets its owner from there. */
export const DATA_PATH = '/var/lib/mysql';
const TEMPLATE_PATH = '/doze/template';
// Not /run: runc gives a tmpfs the mode of the directory that it covers, and of these only /tmp lets everybody write.
const RUN_PATH = '/tmp';
const MARKER_PATH = `${DATA_PATH}/initialised`;
/** Beside the data, so that no copy of that has it. */
export const IDENTITY_FILE = 'tls.pem';

// A thread a connection, with room for what the server itself needs.
const PIDS_LIMIT = 4096;
/** For `docker stop` by hand and for a host that goes down: a server with dirty pages needs its time. */
const STOP_TIMEOUT_SECONDS = 120;

export interface ContainerPlan {
  readonly homeId: string;
  readonly spec: InstanceSpec;
  readonly image: string;
  readonly templateVolume: string;
  readonly serverBinaries: readonly string[];
  readonly facts: EngineFacts;
}

/** All that decides how a compute's container looks: pure, as inspecting it is how it is tested. */
export function containerOptions(plan: ContainerPlan): ContainerCreateOptions & { name: string } {
  const { homeId, spec } = plan;
  const common = commonOptions(plan);
  return {
    ...common,
    Image: plan.image,
    User: SERVER_USER,
    Entrypoint: ['/bin/sh', '-c', SUPERVISOR, 'doze-supervisor'],
    Cmd: serverArguments(spec),
    Env: environment(plan),
    Labels: computeLabels(homeId, 'instance', spec),
    // Orders come over stdin, from one attach after another.
    OpenStdin: true,
    StdinOnce: false,
    HostConfig: {
      ...common.HostConfig,
      Tmpfs: { [RUN_PATH]: 'mode=1777,size=64m' },
      Mounts: mounts(plan),
    },
  };
}

/** What every compute's container has in common, whatever runs in it: name, bounds, network and end. */
export function commonOptions({ homeId, spec, facts }: Pick<ContainerPlan, 'homeId' | 'spec' | 'facts'>) {
  const port = `${SERVER_PORT}/tcp`;
  const isPublished = facts.reach.kind === 'published';
  return {
    name: containerName(homeId, spec),
    Hostname: spec.name,
    Tty: false,
    StopSignal: 'SIGTERM',
    StopTimeout: STOP_TIMEOUT_SECONDS,
    Healthcheck: { Test: ['NONE'] },
    ...(isPublished ? { ExposedPorts: { [port]: {} } } : {}),
    HostConfig: {
      ...confinement(),
      ...limits(spec.cu, facts.cpus),
      NetworkMode: networkName(homeId),
      ...(facts.reach.kind === 'published'
        ? { PortBindings: { [port]: [{ HostIp: facts.reach.bindTo, HostPort: '' }] } }
        : {}),
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '5m', 'max-file': '2' } },
      Init: false,
    },
  };
}

function serverArguments(spec: InstanceSpec): string[] {
  return [
    ...spec.serverArguments,
    `--datadir=${DATA_PATH}/data`,
    `--tmpdir=${DATA_PATH}/tmp`,
    `--socket=${RUN_PATH}/mysqld.sock`,
    `--pid-file=${RUN_PATH}/mysqld.pid`,
    '--bind-address=0.0.0.0',
    `--port=${SERVER_PORT}`,
  ];
}

function environment({ spec, serverBinaries }: ContainerPlan): string[] {
  return [
    `DOZE_DATA=${DATA_PATH}`,
    `DOZE_RUN=${RUN_PATH}`,
    `DOZE_TEMPLATE=${TEMPLATE_PATH}`,
    `DOZE_SERVERS=${serverBinaries.join(' ')}`,
    `DOZE_TLS=${tlsArguments(`${DATA_PATH}/${IDENTITY_FILE}`).join(' ')}`,
    `DOZE_INIT_SQL=${spec.initSql.trimEnd()}\nSELECT 1 INTO OUTFILE '${MARKER_PATH}';`,
  ];
}

function confinement() {
  return {
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    PidsLimit: PIDS_LIMIT,
  };
}

/**
 * Memory and swap together get the size's memory, so that a compute cannot borrow more from the host's swap than it
 * pays for. Docker refuses more CPUs than the host has, where they would limit nothing anyway.
 */
export function limits(cu: number, cpus: number) {
  const memory = memoryBytes(cu);
  return { NanoCpus: Math.min(cu, cpus) * 1e9, Memory: memory, MemorySwap: memory };
}

function mounts({ homeId, spec, templateVolume }: ContainerPlan) {
  const labels = computeLabels(homeId, 'data', spec);
  return [
    {
      Type: 'volume' as const,
      Source: volumeName(homeId, spec.computeId),
      Target: DATA_PATH,
      // Makes the volume if it is missing, with these; one that is there stays as it is.
      VolumeOptions: { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
    },
    { Type: 'volume' as const, Source: templateVolume, Target: TEMPLATE_PATH, ReadOnly: true },
  ];
}
