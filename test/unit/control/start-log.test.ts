import { describe, expect, it } from 'vitest';

import { createStartLog, type StartLog } from '../../../src/lib/control/start-log.ts';
import { START_PHASES, type StartPhase } from '../../../src/lib/engines/index.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

/** A line that ends a phase is the phase's name here: what real lines say is the engine's. */
const engine = {
  startPhaseEndedBy: (line: string): StartPhase | null => START_PHASES.find((phase) => phase === line) ?? null,
};

/** Hears each line so many milliseconds after the one before it. */
async function hear(lines: readonly (readonly [string, number])[]): Promise<{ log: StartLog; nowMs: number }> {
  const clock = createSimulatedClock();
  const log = createStartLog(engine, clock);
  await clock.advance(5);
  log.listener.onLaunched();
  for (const [line, afterMs] of lines) {
    await clock.advance(afterMs);
    log.listener.onLine(line);
  }
  return { log, nowMs: clock.monotonicMs() };
}

describe('how a server came up', () => {
  it('is told in parts that follow each other from its launch on', async () => {
    const { log, nowMs } = await hear([
      ['program', 20],
      ['something else', 3],
      ['bufferPool', 10],
      ['listen', 30],
      ['accounts', 4],
    ]);
    expect(log.phasesMs(nowMs + 2)).toEqual({ program: 20, bufferPool: 13, listen: 30, accounts: 4 });
  });

  it('ends with the answer where the last line is still on its way', async () => {
    const { log, nowMs } = await hear([
      ['program', 20],
      ['listen', 50],
    ]);
    expect(log.phasesMs(nowMs + 6)).toEqual({ program: 20, listen: 50, accounts: 6 });
  });

  it('never takes longer than until the answer', async () => {
    const { log, nowMs } = await hear([
      ['program', 20],
      ['listen', 50],
      ['accounts', 8],
    ]);
    expect(log.phasesMs(nowMs - 10)).toEqual({ program: 20, listen: 48, accounts: 0 });
  });

  it('is not told where nothing was heard', async () => {
    const { log, nowMs } = await hear([['something else', 20]]);
    expect(log.phasesMs(nowMs)).toBeNull();
    expect(log.listening.stage).toBe('silent');
  });

  it('counts a line once, as a server may say the same again', async () => {
    const { log, nowMs } = await hear([
      ['program', 20],
      ['program', 20],
      ['listen', 10],
    ]);
    expect(log.phasesMs(nowMs)).toEqual({ program: 20, listen: 30, accounts: 0 });
  });

  it('says when connections are taken', async () => {
    const early = await hear([['program', 20]]);
    expect(early.log.listening.stage).toBe('starting');
    const late = await hear([
      ['program', 20],
      ['listen', 50],
    ]);
    expect(late.log.listening.stage).toBe('begun');
    await expect(late.log.listening.begun).resolves.toBeUndefined();
  });

  it('is heard no longer than somebody wants to know', async () => {
    const { log } = await hear([]);
    expect(log.listener.signal.aborted).toBe(false);
    log[Symbol.dispose]();
    expect(log.listener.signal.aborted).toBe(true);
  });
});
