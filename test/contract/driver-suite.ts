import { afterAll, afterEach, beforeAll, describe } from 'vitest';

import { describeAdoption } from './driver-adoption.ts';
import { describeCopies } from './driver-copies.ts';
import { describeCrash } from './driver-crash.ts';
import { describeDepths } from './driver-depths.ts';
import { openWorkbench, type DriverHarness, type Workbench } from './driver-harness.ts';
import { describeHearing } from './driver-hearing.ts';
import { describeResize } from './driver-resize.ts';
import { describeIdentity } from './driver-identity.ts';
import { describeInterruption } from './driver-interruption.ts';
import { describeVerbs } from './driver-verbs.ts';

export type { DriverHarness } from './driver-harness.ts';

/** The contract of drivers/driver.ts as behaviour: every driver runs it, each from its own test file. */
export function describeDriver(name: string, setup: () => Promise<DriverHarness>): void {
  describe(`the ${name} driver`, { timeout: 120_000 }, () => {
    let harness: DriverHarness | undefined;
    let bench: Workbench | undefined;

    beforeAll(async () => {
      harness = await setup();
      bench = await openWorkbench(harness);
    }, 300_000);

    afterEach(async () => bench?.clear());

    afterAll(async () => {
      await bench?.[Symbol.asyncDispose]();
      await harness?.close();
    }, 120_000);

    const current = (): Workbench => {
      if (bench === undefined) throw new TypeError('the set-up did not finish');
      return bench;
    };
    describeVerbs(current);
    describeDepths(current);
    describeCrash(current);
    describeAdoption(current);
    describeInterruption(current);
    describeHearing(current);
    describeResize(current);
    describeCopies(current);
    describeIdentity(current);
  });
}
