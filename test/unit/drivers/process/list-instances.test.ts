import { mkdirSync, writeFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { layoutOf } from '../../../../src/lib/drivers/process/layout.ts';
import { listData, listInstances } from '../../../../src/lib/drivers/process/list-instances.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';

it('finds the computes beside a file that somebody left in their directory and one that is being purged', async () => {
  using home = createTemporaryDirectory();
  const layout = layoutOf(home.path, 'c1');
  for (const directory of [layout.data, layout.run, layoutOf(home.path, '.purging-c2').data]) {
    mkdirSync(directory, { recursive: true });
  }
  writeFileSync(layout.instanceFile, '{"port":null}');
  writeFileSync(`${home.path}/computes/notes`, 'left by somebody');
  expect(await listInstances(home.path)).toMatchObject([{ computeId: 'c1' }]);
  expect(await listData(home.path)).toEqual(['c1']);
});
