import { createDeadline } from '../../clock.ts';
import { DozeError } from '../../errors/index.ts';
import { backendLost, type BackendLink } from '../backend-link.ts';
import { PacketSocket } from '../packet-socket.ts';

/** What a session may have is bounded far below this. */
const MAX_PACKET_LENGTH = 2 * 1024 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * The gateway's own questions on a session's connection to its server, between two commands of its client. Whoever takes
 * the connection back sets its listeners again.
 * @throws BACKEND_LOST, TIMED_OUT, what `run` throws; the connection is of no use after a failure
 */
export async function converse<Result>(
  link: BackendLink,
  run: (packets: PacketSocket) => Promise<Result>,
): Promise<Result> {
  const packets = new PacketSocket(link.socket, MAX_PACKET_LENGTH);
  link.receive = (chunk) => {
    // The decoder keeps what it is fed.
    packets.feed(Buffer.from(chunk));
    return true;
  };
  link.onGone = () => packets.fail(backendLost('the server closed the connection'));
  using deadline = createDeadline(
    TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `the server did not answer within ${TIMEOUT_MS / 1000} s`),
  );
  deadline.signal.addEventListener('abort', () => packets.fail(deadline.signal.reason));
  if (link.socket.destroyed) packets.fail(backendLost('the server closed the connection'));
  return await run(packets);
}
