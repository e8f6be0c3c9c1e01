import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { AGENT_USER } from '../../src/lib/domain/index.ts';
import type { StartListener } from '../../src/lib/drivers/index.ts';
import { createMariaDbEngine, START_PHASES } from '../../src/lib/engines/index.ts';
import { verbContext, type Subject, type Workbench } from './driver-harness.ts';

const POLL_MS = 10;
/** A server that answers has said it all: its last lines are on their way. */
const LAST_LINE_MS = 2_000;
const MOST_STARTS = 5;
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
    // The start does not wait for it: on a busy host the first lines may be gone before anybody listens.
    it.each(['parked', 'stopped'] as const)('tells the parts of its start in order, from %s', async (depth) => {
      const bench = current();
      const subject = await bench.launch();
      const all = ['launched', ...START_PHASES];
      let heard: readonly string[] = [];
      for (let start = 0; start < MOST_STARTS && heard.length < all.length; start += 1) {
        await bench.suspend(subject, depth);
        heard = await hearStart(bench, subject);
        expect(heard).toEqual(all.filter((phase) => heard.includes(phase)));
        if (!bench.hasSql) return;
      }
      expect(heard).toEqual(all);
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

/** @returns what was told until the last line had come, or is not coming any more */
async function hearStart(bench: Workbench, subject: Subject): Promise<readonly string[]> {
  const ear = openEar();
  await startHeard(bench, subject, ear);
  const last = START_PHASES.at(-1);
  for (let waitedMs = 0; waitedMs < LAST_LINE_MS && !ear.heard.includes(String(last)); waitedMs += POLL_MS) {
    await sleep(POLL_MS);
  }
  ear.close();
  return ear.heard;
}
