import { describe, expect, it } from 'vitest';

import type { Depth } from '../../src/lib/domain/index.ts';
import { verbContext, type Workbench } from './driver-harness.ts';

const DEPTHS: readonly Depth[] = ['frozen', 'hibernated', 'parked', 'stopped'];

/** The agent ended and another one began, on the same home. */
export function describeAdoption(current: () => Workbench): void {
  describe('after a restart of the agent', () => {
    it('finds a running server as it was, and can suspend it cleanly', async () => {
      const bench = current();
      const subject = await bench.launch(2);
      const before = await bench.driver.inspect(subject.id, verbContext().signal);
      await bench.restartAgent();
      expect(await bench.driver.inspect(subject.id, verbContext().signal)).toEqual(before);
      expect(await bench.driver.list(verbContext().signal)).toContainEqual(before);
      expect(await bench.suspend(subject, 'parked')).toMatchObject({ isClean: true });
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [2] : null);
    });

    it.each(DEPTHS)('finds a %s compute as it was, and can wake it', async (depth) => {
      const bench = current();
      const subject = await bench.launch(8);
      await bench.suspend(subject, depth);
      const before = await bench.driver.inspect(subject.id, verbContext().signal);
      await bench.restartAgent();
      expect(await bench.driver.inspect(subject.id, verbContext().signal)).toEqual(before);
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [8] : null);
    });

    it('reports the death of a server that an earlier agent started', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.restartAgent();
      const change = await bench.nextChange(
        subject,
        () => bench.killServer(subject),
        ({ kind }) => kind === 'ended',
      );
      expect(change.computeId).toBe(subject.id);
    });

    it('knows the exit of a server that died while no agent ran', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.driver.close();
      await bench.killServer(subject);
      await bench.restartAgent();
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance).toMatchObject({ endpoint: null, exit: { code: 137 } });
      if (bench.hasSql) expect(instance?.exit?.atMs).toBeGreaterThan(0);
    });

    it('purges what an earlier agent made', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.restartAgent();
      await bench.driver.purge(subject.id, verbContext());
      expect(await bench.driver.listData(verbContext().signal)).not.toContain(subject.id);
    });
  });
}
