import { describe, expect, it } from 'vitest';

import { DozeError, hasCode } from '../../src/lib/errors/index.ts';
import type { Driver, VerbContext } from '../../src/lib/drivers/index.ts';
import { verbContext, type Subject, type Workbench } from './driver-harness.ts';

type Verb = (driver: Driver, subject: Subject, context: VerbContext) => Promise<unknown>;

const VERBS: Readonly<Record<string, Verb>> = {
  prepare: (driver, _subject, context) => driver.prepare({ version: null, image: null, isStateless: false }, context),
  create: (driver, { spec }, context) => driver.create(spec, context),
  start: (driver, { spec }, context) => driver.start(spec, context),
  suspend: (driver, { id }, context) => driver.suspend(id, 'parked', context),
  remove: (driver, { id }, context) => driver.remove(id, context),
  purge: (driver, { id }, context) => driver.purge(id, context),
};

/** Deadlines and people who change their mind. */
export function describeInterruption(current: () => Workbench): void {
  describe('an interruption', () => {
    it.each(Object.keys(VERBS))(
      'that came before %s is answered with its reason, and nothing is done',
      async (name) => {
        const bench = current();
        const subject = await bench.launch();
        const before = await bench.driver.inspect(subject.id, verbContext().signal);
        const reason = new DozeError('TIMED_OUT', 'too late');
        await expect(VERBS[name]?.(bench.driver, subject, verbContext(AbortSignal.abort(reason)))).rejects.toBe(reason);
        expect(await bench.driver.inspect(subject.id, verbContext().signal)).toEqual(before);
      },
    );

    it('during create leaves what the next create finishes', async () => {
      const bench = current();
      const subject = await bench.newSubject();
      await interrupt((context) => bench.driver.create(subject.spec, context));
      await bench.create(subject);
      await bench.start(subject);
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance?.state).toBe('running');
    });

    it('during start leaves what the next start finishes', async () => {
      const bench = current();
      const subject = await bench.newSubject();
      await bench.create(subject);
      await interrupt((context) => bench.driver.start(subject.spec, context));
      await bench.start(subject);
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance?.state).toBe('running');
    });

    it('during suspend leaves what the next suspend finishes, with every row', async () => {
      const bench = current();
      const subject = await bench.launch(11);
      await interrupt((context) => bench.driver.suspend(subject.id, 'parked', context));
      expect(await bench.suspend(subject, 'parked')).toMatchObject({ isClean: true });
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [11] : null);
    });

    it('during purge leaves what the next purge finishes', async () => {
      const bench = current();
      const subject = await bench.launch();
      await interrupt((context) => bench.driver.purge(subject.id, context));
      await bench.driver.purge(subject.id, verbContext());
      expect(await bench.driver.inspect(subject.id, verbContext().signal)).toBeNull();
      expect(await bench.driver.listData(verbContext().signal)).not.toContain(subject.id);
    });
  });
}

/** Aborts as soon as the verb gave the event loop a turn; a verb that was quicker may have succeeded. */
async function interrupt(run: (context: VerbContext) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const running = run(verbContext(controller.signal)).catch((error: unknown) => error);
  setImmediate(() => controller.abort(new DozeError('INTERRUPTED', 'changed my mind')));
  const outcome = await running;
  if (outcome instanceof Error) expect(hasCode(outcome, 'INTERRUPTED')).toBe(true);
}
