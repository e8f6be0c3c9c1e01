import { describe, expect, it } from 'vitest';

import { verbContext, type Workbench } from './driver-harness.ts';

const KILLED = 137;

/** A server that dies without our asking. */
export function describeCrash(current: () => Workbench): void {
  describe('a server that was killed', () => {
    it('is reported to who watches, with its exit code', async () => {
      const bench = current();
      const subject = await bench.launch();
      const change = await bench.nextChange(
        subject,
        () => bench.killServer(subject),
        ({ kind }) => kind === 'ended',
      );
      expect(change.exit).toMatchObject({ code: KILLED, isOutOfMemory: false });
    });

    it('is seen by who looks, without an endpoint and with its exit', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.nextChange(
        subject,
        () => bench.killServer(subject),
        ({ kind }) => kind === 'ended',
      );
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance).toMatchObject({ endpoint: null, exit: { code: KILLED, isOutOfMemory: false } });
      expect(instance?.state).toMatch(/^(parked|stopped)$/);
    });

    it('is not called cleanly suspended', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.nextChange(
        subject,
        () => bench.killServer(subject),
        ({ kind }) => kind === 'ended',
      );
      expect(await bench.suspend(subject, 'parked')).toMatchObject({ isClean: false });
    });

    it('starts again with every committed row', async () => {
      const bench = current();
      const subject = await bench.launch(9);
      await bench.nextChange(
        subject,
        () => bench.killServer(subject),
        ({ kind }) => kind === 'ended',
      );
      await bench.start(subject);
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance?.state).toBe('running');
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [9] : null);
    });
  });
}
