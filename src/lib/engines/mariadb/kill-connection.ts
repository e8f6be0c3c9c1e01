import { connect, serverErrorOf } from '../../sql/index.ts';
import type { SqlTarget } from '../engine.ts';

const NO_SUCH_CONNECTION = 1094;

export async function killConnection(target: SqlTarget, connectionId: number, signal: AbortSignal): Promise<void> {
  await using connection = await connect(target, { signal });
  try {
    await connection.run(`KILL CONNECTION ${connectionId}`);
  } catch (error) {
    if (serverErrorOf(error)?.errno !== NO_SUCH_CONNECTION) throw error;
  }
}
