import type { ContainerCreateOptions } from 'dockerode';

import { COPY_PROGRAM, COPY_SCRIPT, copyEnvironment } from '../copy-script.ts';
import type { CopyRequest } from '../driver.ts';
import { DATA_PATH, SERVER_USER } from './container-options.ts';
import { computeLabels, LABEL } from './labels.ts';
import { copierName, dataVolumeName, keeperName } from './names.ts';

const SOURCE_PATH = '/doze/source';

type Options = ContainerCreateOptions & { name: string };

/** The helper that copies: as the server's user, with nothing but the two volumes. */
export function copierOptions(homeId: string, request: CopyRequest, image: string): Options {
  const { from, copyId } = request;
  return {
    name: copierName(homeId, copyId),
    Image: image,
    User: SERVER_USER,
    Entrypoint: ['/bin/sh', '-c', COPY_SCRIPT, COPY_PROGRAM],
    Cmd: [],
    Env: Object.entries({ FROM: `${SOURCE_PATH}/data`, TO: DATA_PATH, ...copyEnvironment(request) }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    Labels: { ...labels(homeId, 'helper', request), [LABEL.source]: from.computeId },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'mode=1777,size=16m' },
      Mounts: [
        { Type: 'volume', Source: dataVolumeName(homeId, from), Target: SOURCE_PATH, ReadOnly: true },
        target(homeId, request),
      ],
    },
  };
}

/** A container that is never started; null for a copy that is no snapshot. */
export function keeperOptions(homeId: string, request: CopyRequest, image: string): Options | null {
  const { snapshotId } = request.to;
  if (snapshotId === null) return null;
  return {
    name: keeperName(homeId, snapshotId),
    Image: image,
    Entrypoint: ['true'],
    Cmd: [],
    Labels: labels(homeId, 'snapshot', request),
    HostConfig: { NetworkMode: 'none', Mounts: [target(homeId, request)] },
  };
}

function labels(
  homeId: string,
  role: 'helper' | 'snapshot' | 'data',
  { to, spec }: CopyRequest,
): Record<string, string> {
  const { snapshotId } = to;
  return { ...computeLabels(homeId, role, spec), ...(snapshotId === null ? {} : { [LABEL.snapshot]: snapshotId }) };
}

/** Made if it is missing, with these labels; its owner then comes from the image's own directory. */
function target(homeId: string, request: CopyRequest) {
  const role = request.to.snapshotId === null ? 'data' : 'snapshot';
  return {
    Type: 'volume' as const,
    Source: dataVolumeName(homeId, request.to),
    Target: DATA_PATH,
    VolumeOptions: {
      NoCopy: false,
      Labels: labels(homeId, role, request),
      DriverConfig: { Name: 'local', Options: {} },
    },
  };
}
