import { describe, expect, it } from 'vitest';

import { verbContext, type Workbench } from './driver-harness.ts';

/** Life without sleep: making, starting, looking, removing, purging. */
export function describeVerbs(current: () => Workbench): void {
  describe('making and removing', () => {
    it('says that it can be used, and with what', async () => {
      const health = await current().driver.probe(verbContext().signal);
      expect(health).toMatchObject({ isUsable: true, problem: null });
      expect(health.summary).not.toBe('');
    });

    it('prepares a version line', async () => {
      const prepared = await current().driver.prepare(
        { version: null, image: null, isStateless: false },
        verbContext(),
      );
      expect(prepared.version).toMatch(/^\d+\.\d+$/);
      expect(prepared.recipe).not.toBe('');
      const again = await current().driver.prepare({ version: null, image: null, isStateless: false }, verbContext());
      expect(again).toEqual(prepared);
    });

    it('makes an instance whose server does not run yet', async () => {
      const bench = current();
      const subject = await bench.newSubject();
      await bench.create(subject);
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance).toMatchObject({ computeId: subject.id, endpoint: null });
      expect(instance?.state).toMatch(/^(parked|stopped)$/);
    });

    it('starts a server that has the database and lets its owner in', async () => {
      const bench = current();
      const subject = await bench.launch(7);
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance?.state).toBe('running');
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [7] : null);
    });

    it('leaves a running server and its rows alone when it is created again', async () => {
      const bench = current();
      const subject = await bench.launch(1);
      const before = await bench.driver.inspect(subject.id, verbContext().signal);
      await bench.create(subject);
      expect(await bench.driver.inspect(subject.id, verbContext().signal)).toEqual(before);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [1] : null);
    });

    it('gives an instance that is there the name of whoever takes it, and starts it as it is', async () => {
      const bench = current();
      const subject = await bench.launch(3);
      await bench.suspend(subject, 'parked');
      const taken = { ...subject, spec: { ...subject.spec, name: 'taken', project: 'other' } };
      await bench.create(taken);
      await bench.create(taken);
      await bench.start(taken);
      const { signal } = verbContext();
      const listed = (await bench.driver.list(signal)).filter(({ computeId }) => computeId === subject.id);
      expect(listed).toEqual([expect.objectContaining({ state: 'running' })]);
      expect(await bench.readValues(taken)).toEqual(bench.hasSql ? [3] : null);
    });

    it('gives the same endpoint when it is started again', async () => {
      const bench = current();
      const subject = await bench.launch();
      const { driver } = bench;
      const first = (await driver.inspect(subject.id, verbContext().signal))?.endpoint;
      expect(await driver.start(subject.spec, verbContext())).toEqual(first);
    });

    it('keeps two computes apart', async () => {
      const bench = current();
      const [one, other] = [await bench.launch(1), await bench.launch(2)];
      const { signal } = verbContext();
      const endpoints = [await bench.driver.inspect(one.id, signal), await bench.driver.inspect(other.id, signal)];
      expect(endpoints[0]?.endpoint).not.toEqual(endpoints[1]?.endpoint);
      expect(await bench.readValues(one)).toEqual(bench.hasSql ? [1] : null);
      expect(await bench.readValues(other)).toEqual(bench.hasSql ? [2] : null);
    });

    it('lists every instance and all data', async () => {
      const bench = current();
      const subject = await bench.launch();
      const { signal } = verbContext();
      const listed = (await bench.driver.list(signal)).find(({ computeId }) => computeId === subject.id);
      expect(listed).toEqual(await bench.driver.inspect(subject.id, signal));
      expect(await bench.driver.listData(signal)).toContain(subject.id);
    });

    it('removes a running instance at once and keeps its data', async () => {
      const bench = current();
      const subject = await bench.launch(5);
      const { signal } = verbContext();
      await bench.driver.remove(subject.id, verbContext());
      expect(await bench.driver.inspect(subject.id, signal)).toBeNull();
      expect((await bench.driver.list(signal)).map(({ computeId }) => computeId)).not.toContain(subject.id);
      expect(await bench.driver.listData(signal)).toContain(subject.id);
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [5] : null);
    });

    it('purges a running instance with its data', async () => {
      const bench = current();
      const subject = await bench.launch();
      const { signal } = verbContext();
      await bench.driver.purge(subject.id, verbContext());
      expect(await bench.driver.inspect(subject.id, signal)).toBeNull();
      expect(await bench.driver.listData(signal)).not.toContain(subject.id);
    });

    it('refuses to start without the data rather than with an empty database', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.driver.purge(subject.id, verbContext());
      await expect(bench.driver.start(subject.spec, verbContext())).rejects.toMatchObject({ code: 'INSTANCE_LOST' });
      expect(await bench.driver.listData(verbContext().signal)).not.toContain(subject.id);
    });

    it('knows nothing of an id it never made, and ends it all the same', async () => {
      const { driver } = current();
      const { signal } = verbContext();
      expect(await driver.inspect('c0unknown', signal)).toBeNull();
      expect(await driver.storageBytes('c0unknown', signal)).toBeNull();
      await driver.suspend('c0unknown', 'parked', verbContext());
      await driver.remove('c0unknown', verbContext());
      await driver.purge('c0unknown', verbContext());
      expect(await driver.listData(signal)).not.toContain('c0unknown');
    });

    it('gives no more log lines than were asked for', async () => {
      const bench = current();
      const subject = await bench.launch();
      const lines = await collect(bench.driver.logs(subject.id, { tail: 3, follow: false }, verbContext().signal));
      expect(lines.length).toBeLessThanOrEqual(3);
      if (bench.hasSql) expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter((line) => line.includes('\n'))).toEqual([]);
    });

    it('ends a followed log when it is told to', async () => {
      const bench = current();
      const subject = await bench.launch();
      const controller = new AbortController();
      const following = collect(bench.driver.logs(subject.id, { tail: 2, follow: true }, controller.signal));
      controller.abort();
      expect((await following).length).toBeLessThanOrEqual(2);
    });

    it('tells how much the data of a running one takes', async () => {
      const bench = current();
      const subject = await bench.launch();
      const bytes = await bench.driver.storageBytes(subject.id, verbContext().signal);
      if (bench.hasSql) expect(bytes).toBeGreaterThan(1_000_000);
      else expect(bytes).toBe(0);
    });
  });
}

async function collect(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const collected: string[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}
