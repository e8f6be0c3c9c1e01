import { randomBytes } from 'node:crypto';

import { createDeadline } from '../../clock.ts';
import { DozeError, toDozeError } from '../../errors/index.ts';
import type { DemoFigures, WakeFigures } from './figures.ts';
import { createObserver } from './observer.ts';
import { whenAborted, type DemoDeps, type DemoOptions, type Stage } from './stage.ts';
import { fallAsleep, readBill, startCompute, wakeUp, writeRows } from './steps.ts';

const CLEAN_UP_TIMEOUT_MS = 60_000;

/**
 * The whole path once: start, write, fall asleep, wake, compare, bill. Leaves nothing behind, whatever happens.
 * @throws DEMO_FAILED when a row or a second is not as it should be, and what the API throws
 */
export async function runDemo(deps: DemoDeps, options: DemoOptions): Promise<DemoFigures> {
  const name = `demo-${randomBytes(2).toString('hex')}`;
  const stage: Stage = { ...deps, name, options, observer: createObserver(deps.clock), underWay: [] };
  const figures = await play(stage).catch(async (failure: unknown) => {
    await cleanUp(stage).catch((second: unknown) => reportBoth(failure, second));
    throw failure;
  });
  if (!options.keep) await cleanUp(stage);
  return figures;
}

function reportBoth(failure: unknown, second: unknown): never {
  const { code, message } = toDozeError(failure);
  const { message: why, hint } = toDozeError(second);
  throw new DozeError(code, `${message}; and cleaning up failed: ${why}`, {
    cause: failure,
    ...(hint === undefined ? {} : { hint }),
  });
}

async function play(stage: Stage): Promise<DemoFigures> {
  const { api, clock, call, name, options } = stage;
  const startedMs = clock.monotonicMs();
  const { compute, tookMs } = await startCompute(stage);
  const target = await api.computes.connection(options.project, name, 'owner', call);
  const written = await writeRows(stage, target);
  const wakes: WakeFigures[] = [];
  let sleep = await fallAsleep(stage);
  while (wakes.length < options.wakes) {
    wakes.push(await wakeUp(stage, target, sleep, written.contents));
    sleep = await fallAsleep(stage);
  }
  const { activeSeconds, cuSeconds } = await readBill(stage, wakes.length);
  return {
    name,
    project: options.project,
    driver: compute.driver,
    image: compute.image,
    engine: compute.engine,
    version: compute.version,
    startMs: tookMs,
    rows: options.rows,
    writeMs: written.tookMs,
    wakes,
    activeSeconds,
    cuSeconds,
    totalMs: clock.monotonicMs() - startedMs,
    kept: options.keep,
  };
}

/** With a deadline of its own: after Ctrl-C the demo's own signal has aborted already. */
async function cleanUp({ api, name, progress, underWay, options: { project } }: Stage): Promise<void> {
  const error = (): DozeError =>
    new DozeError('TIMED_OUT', `"${name}" could not be destroyed in time`, {
      hint: `doze compute destroy ${name} --project ${project} --purge --confirm ${name}`,
    });
  using deadline = createDeadline(CLEAN_UP_TIMEOUT_MS, error);
  const { signal } = deadline;
  await progress.run(
    'Clean up',
    async (report) => {
      // A start goes on in the agent when nobody waits for it: what it makes is there to be destroyed only at its end.
      await Promise.race([Promise.allSettled(underWay), whenAborted(signal)]);
      const found = await api.computes.list({ project }, { signal });
      if (!found.some((compute) => compute.name === name)) return 'Nothing is left of it';
      await api.computes.destroy(project, name, { purge: true }, report, { signal });
      return 'Destroyed it, data and all';
    },
    (text) => text,
  );
}
