import type { Socket } from 'node:net';

import { createDeadline } from '../clock.ts';
import { DozeError, hasCode, toDozeError } from '../errors/index.ts';
import type { Arrival } from './arrival.ts';
import { authenticateClient, refuseStranger } from './authenticate-client.ts';
import { ClientConnection } from './client-connection.ts';
import type { ComputeGate } from './compute-gate.ts';
import type { Core } from './core.ts';
import { enter } from './enter.ts';
import { findCompute, requireRoute } from './find-compute.ts';
import { greet } from './greet.ts';
import { refuse } from './refusal.ts';
import { descriptorOf } from './socket-reader.ts';

/** The way of a client: greet, authenticate, wake, log in at the server, forward. `own` is null on the shared port. */
export async function serveClient(core: Core, accepted: Socket, own: ComputeGate | null): Promise<void> {
  const descriptor = descriptorOf(accepted);
  const connection = new ClientConnection(accepted, core.clock.monotonicMs());
  core.connections.add(connection);
  connection.socket.once('close', () => core.connections.delete(connection));
  try {
    if (core.unauthenticated.size >= core.options.maxUnauthenticated) {
      throw new DozeError('TOO_MANY_CONNECTIONS', 'too many clients are logging in at this moment');
    }
    if (descriptor > core.options.maxDescriptor) {
      throw new DozeError(
        'TOO_MANY_CONNECTIONS',
        'Too many connections: the doze agent may not open more files; a higher limit (ulimit -n) counts from its next start',
      );
    }
    const arrival = await admit(core, connection, own);
    await enter(core, connection, arrival);
  } catch (error) {
    const { code, message } = toDozeError(error);
    if (!hasCode(error, 'INTERRUPTED')) {
      core.logger.info({ client: connection.client, compute: own?.name, code, error: message }, 'client turned away');
    }
    connection.receive = () => true;
    refuse(connection.socket, error, connection.packets.nextSequence);
  }
}

async function admit(core: Core, connection: ClientConnection, own: ComputeGate | null): Promise<Arrival> {
  const { loginTimeoutMs } = core.options;
  using deadline = createDeadline(
    loginTimeoutMs,
    () => new DozeError('TIMED_OUT', `no login within ${loginTimeoutMs / 1000} s`),
  );
  deadline.signal.addEventListener('abort', () => {
    connection.packets.fail(deadline.signal.reason);
  });
  core.unauthenticated.add(connection);
  try {
    const connectionId = core.ids.next();
    const greeted = await greet(connection, {
      connectionId,
      gate: own,
      route: own === null ? null : await requireRoute(core, own),
      tls: core.tls,
      signal: deadline.signal,
    });
    const name = greeted.response.user.toString();
    const destination =
      own === null
        ? await findCompute(core, name, connection.tls?.serverName ?? null)
        : { gate: own, user: name, userSuffix: '' };
    const attempt = {
      address: connection.address,
      computeId: destination?.gate.computeId ?? null,
      user: destination?.user ?? name,
    };
    // Names of computes are nobody's business.
    if (destination === null) throw await refuseStranger(core, connection, greeted, attempt);
    const admission = await authenticateClient(core, destination.gate, connection, greeted, attempt);
    return { ...destination, attempt, connectionId, greeted, admission };
  } finally {
    core.unauthenticated.delete(connection);
  }
}
