import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { layoutOf } from '../../../../src/lib/drivers/process/layout.ts';
import { createInstanceList, listData } from '../../../../src/lib/drivers/process/list-instances.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';

function makeInstance(home: string, id: string) {
  const layout = layoutOf(home, id);
  for (const directory of [layout.data, layout.run]) mkdirSync(directory, { recursive: true });
  writeFileSync(layout.instanceFile, '{"port":null}');
  // The server of a process that cannot be: it ended, with the code that the file says.
  writeFileSync(layout.serverFile, '4194305 4194306 boot:1\n');
  writeFileSync(layout.exitFile, '0 0\n');
  return layout;
}

/** As a directory is that has not been touched for a while. */
function settle(directory: string): void {
  const longAgo = new Date(Date.UTC(2026, 0, 1));
  utimesSync(directory, longAgo, longAgo);
}

describe('the list of instances', () => {
  it('has the computes beside a file that somebody left in their directory and one that is being purged', async () => {
    using home = createTemporaryDirectory();
    makeInstance(home.path, 'c1');
    mkdirSync(layoutOf(home.path, '.purging-c2').data, { recursive: true });
    writeFileSync(`${home.path}/computes/notes`, 'left by somebody');
    const list = createInstanceList(home.path, createSystemClock());
    expect(await list()).toMatchObject([{ computeId: 'c1', state: 'parked' }]);
    expect(await listData(home.path)).toEqual(['c1']);
  });

  it('does not read the files of one that has ended again before something came or went among them', async () => {
    using home = createTemporaryDirectory();
    const { run, exitFile } = makeInstance(home.path, 'c1');
    settle(run);
    const list = createInstanceList(home.path, createSystemClock());
    expect(await list()).toMatchObject([{ exit: { code: 0 } }]);
    writeFileSync(exitFile, '1 0\n');
    expect(await list()).toMatchObject([{ exit: { code: 0 } }]);
    rmSync(exitFile);
    writeFileSync(exitFile, '2 0\n');
    expect(await list()).toMatchObject([{ exit: { code: 2 } }]);
  });

  it('trusts no directory that was changed a moment ago: the next change may have the same time', async () => {
    using home = createTemporaryDirectory();
    const { exitFile } = makeInstance(home.path, 'c1');
    const list = createInstanceList(home.path, createSystemClock());
    expect(await list()).toMatchObject([{ exit: { code: 0 } }]);
    writeFileSync(exitFile, '1 0\n');
    expect(await list()).toMatchObject([{ exit: { code: 1 } }]);
  });

  it('misses one that is gone, remembered or not', async () => {
    using home = createTemporaryDirectory();
    const { root, run } = makeInstance(home.path, 'c1');
    settle(run);
    const list = createInstanceList(home.path, createSystemClock());
    expect(await list()).toHaveLength(1);
    rmSync(root, { recursive: true });
    expect(await list()).toEqual([]);
  });
});
