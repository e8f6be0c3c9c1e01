import type { AgentServices, Readiness } from '../../api/index.ts';
import { createDeadline, untilAborted } from '../../clock.ts';
import { DozeError, toDozeError } from '../../errors/index.ts';
import type { AgentCore, Running } from '../running.ts';

/** Whoever asks more often has the answer of before: it costs a write, and asks Docker. */
const KEEP_MS = 5_000;
const DEADLINE_MS = 3_000;

/** Whether the agent can do its work. */
export function createReadiness(core: AgentCore): AgentServices['ready'] {
  let last: { readonly atMs: number; readonly answer: Promise<Readiness> } | null = null;
  return () => {
    const nowMs = core.clock.monotonicMs();
    if (last === null || nowMs - last.atMs > KEEP_MS) {
      last = { atMs: nowMs, answer: look(core) };
      // Who asks is told; the one after might not be there.
      last.answer.catch(() => undefined);
    }
    return last.answer;
  };
}

async function look(core: AgentCore): Promise<Readiness> {
  using deadline = createDeadline(DEADLINE_MS, tooSlow);
  const { signal } = deadline;
  part('store', () => core.store.setMeta('readyAtMs', String(core.clock.wallMs())));
  const running = await part('agent', () => untilAborted(core.running, signal));
  await part('gateway', () => untilAborted(running.gateway.sessionCounts(), signal));
  return { status: 'ready', store: 'ok', gateway: 'ok', drivers: await usableDrivers(running, signal) };
}

async function usableDrivers({ drivers }: Running, signal: AbortSignal): Promise<string[]> {
  const usable = await Promise.all(
    drivers.all().map(async (driver) => ((await driver.probe(signal)).isUsable ? [driver.name] : [])),
  );
  if (usable.flat().length > 0) return usable.flat();
  throw notReady('drivers', new DozeError('NO_DRIVER', 'nothing can run a compute'));
}

function part<Result>(name: string, run: () => Result): Result {
  try {
    const result = run();
    if (!(result instanceof Promise)) return result;
    return result.catch((thrown: unknown) => {
      throw notReady(name, toDozeError(thrown));
    }) as Result;
  } catch (thrown) {
    throw notReady(name, toDozeError(thrown));
  }
}

/** Says which part, and its error's code: anybody may read it. */
function notReady(name: string, { code }: DozeError): DozeError {
  return new DozeError('NOT_READY', `the agent is not ready: ${name} (${code})`, { details: { part: name, code } });
}

function tooSlow(): DozeError {
  return new DozeError('TIMED_OUT', `no answer within ${DEADLINE_MS / 1000} s`);
}
