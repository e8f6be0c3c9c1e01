import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { AGENT_USER } from '../../src/lib/domain/index.ts';
import type { StartListener } from '../../src/lib/drivers/index.ts';
import { createMariaDbEngine, START_PHASES } from '../../src/lib/engines/index.ts';
import { verbContext, type Subject, type Workbench } from './driver-harness.ts';

const POLL_MS = 10;
const engine = createMariaDbEngine({ clock: createSystemClock() });

interface Ear {
  readonly listener: StartListener;
  /** `launched`, and the parts of the start that lines were the end of. */
  readonly heard: readonly string[];
  close(): void;
}

function openEar(): Ear {
  const heard: string[] = [];
  const closing = new AbortController();
  return {
    heard,
    listener: {
      onLaunched: () => void heard.push('launched'),
      onLine: (line) => {
        const phase = engine.startPhaseEndedBy(line);
        if (phase !== null) heard.push(phase);
      },
      signal: closing.signal,
    },
    close: () => closing.abort(),
  };
}

/** Who starts a server hears it come up, from every depth at which there is none. */
export function describeHearing(current: () => Workbench): void {
  describe('hearing a server come up', () => {
    it.each(['parked', 'stopped'] as const)('tells its launch and every part of its start, from %s', async (depth) => {
      const bench = current();
      const subject = await bench.launch();
      await bench.suspend(subject, depth);
      const ear = openEar();
      await startHeard(bench, subject, ear);
      const all = ['launched', ...START_PHASES];
      await until(() => !bench.hasSql || ear.heard.length === all.length);
      expect(ear.heard).toEqual(bench.hasSql ? all : []);
      ear.close();
    });

    it('has nothing to tell of one that is thawed', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.suspend(subject, 'frozen');
      const ear = openEar();
      await startHeard(bench, subject, ear);
      expect(ear.heard).toEqual([]);
      ear.close();
    });

    it('ends when nobody listens any more, and the server goes on', async () => {
      const bench = current();
      const subject = await bench.launch(5);
      await bench.suspend(subject, 'parked');
      const ear = openEar();
      ear.close();
      await startHeard(bench, subject, ear);
      expect(ear.heard.filter((phase) => phase !== 'launched')).toEqual([]);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [5] : null);
    });
  });
}

async function startHeard(bench: Workbench, subject: Subject, { listener }: Ear): Promise<void> {
  const endpoint = await bench.driver.start(subject.spec, { ...verbContext(), listener });
  if (!bench.hasSql) return;
  const { agentPassword } = subject.credentials;
  await engine.awaitReady({ ...endpoint, user: AGENT_USER, password: agentPassword }, verbContext().signal);
}

async function until(isSo: () => boolean): Promise<void> {
  const { signal } = verbContext();
  while (!isSo()) {
    signal.throwIfAborted();
    await sleep(POLL_MS);
  }
}
