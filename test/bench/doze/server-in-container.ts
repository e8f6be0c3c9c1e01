import { awaitPort } from '../by-hand/await-port.ts';
import type { SqlTarget } from '../by-hand/first-row.ts';
import { run } from '../by-hand/run.ts';
import type { BenchCompute } from './compute.ts';
import { findContainer } from './instance.ts';

/** A server on a parked compute's own data and within its limits, started by hand. */
export interface ServerInContainer {
  readonly target: SqlTarget;
  stop(): Promise<void>;
}

const PORT = 3307;
const PID_FILE = '/tmp/by-hand.pid';
/** Until it has really ended: the next server needs the data. */
const STOP = `pid=$(cat ${PID_FILE}) && kill "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done`;

/** @param serverArguments what is to be other than with doze */
export async function startServerInContainer(
  compute: BenchCompute,
  serverArguments: readonly string[],
): Promise<ServerInContainer> {
  const { id, address } = await findContainer(compute);
  const given = JSON.parse(await run('docker', ['inspect', '--format', '{{json .Config.Cmd}}', id])) as string[];
  const own = [`--port=${String(PORT)}`, '--socket=', `--pid-file=${PID_FILE}`, '--log-error=/tmp/by-hand.log'];
  const exec = ['exec', '--user', 'mysql', id];
  await run('docker', ['exec', '--detach', '--user', 'mysql', id, 'mariadbd', ...given, ...serverArguments, ...own]);
  const target = { ...compute.target, host: address, port: PORT };
  await awaitPort(target.host, target.port);
  return {
    target,
    stop: async () => {
      await run('docker', [...exec, 'sh', '-c', STOP]);
    },
  };
}
