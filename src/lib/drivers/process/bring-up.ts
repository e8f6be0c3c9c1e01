import { stat } from 'node:fs/promises';

import { abortReason, type Clock } from '../../clock.ts';
import { DozeError } from '../../errors/index.ts';
import type { Endpoint, InstanceSpec, StartListener } from '../driver.ts';
import { prepareRun } from './create-instance.ts';
import type { ServerBinary } from './find-server.ts';
import { findFreePort } from './free-port.ts';
import { endpointOn } from './inspect-instance.ts';
import { readInstance, writeInstance } from './instance-file.ts';
import { launch } from './launch.ts';
import type { Layout } from './layout.ts';
import { orNull } from './read-if-there.ts';
import { readServerState } from './server-state.ts';
import { shutDown, thaw } from './stop-server.ts';

export interface BringUpRequest {
  readonly layout: Layout;
  readonly spec: InstanceSpec;
  readonly clock: Clock;
  readonly onEnded: () => void;
  readonly listener?: StartListener | undefined;
}

export async function bringUp(request: BringUpRequest, binary: ServerBinary, signal: AbortSignal): Promise<Endpoint> {
  const { layout, spec, clock } = request;
  // A shutdown that was begun cannot be taken back: see it to its end first.
  if ((await orNull(stat(layout.stoppingFile))) !== null) await shutDown(layout, clock, signal);

  const [server, instance, data] = await Promise.all([
    readServerState(layout),
    readInstance(layout),
    orNull(stat(layout.data)),
  ]);
  const lastPort = instance?.port ?? null;
  if (server.kind !== 'ended' && lastPort !== null) {
    if (server.kind === 'frozen') thaw(server.pid);
    return endpointOn(lastPort);
  }
  if (data === null) throw dataLost(spec, layout);

  const [port] = await Promise.all([findFreePort(lastPort), prepareRun(layout)]);
  if (port !== lastPort) await writeInstance(layout, { port });
  // The last moment to turn back: a launch is seen through, so that no server is ever without its record.
  if (signal.aborted) throw abortReason(signal);
  const { onEnded, listener } = request;
  await launch({ layout, serverPath: binary.path, port, spec, onEnded, listener });
  return endpointOn(port);
}

function dataLost(spec: InstanceSpec, layout: Layout): DozeError {
  return new DozeError('INSTANCE_LOST', `the data of compute "${spec.name}" is gone: there is no ${layout.data}`, {
    hint: `put it back, or give the compute up: doze compute destroy ${spec.name}`,
  });
}
