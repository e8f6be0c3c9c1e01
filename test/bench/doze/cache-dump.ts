import { run } from '../by-hand/run.ts';
import type { BenchCompute } from './compute.ts';
import { findContainer } from './instance.ts';

/** What a parked compute's server wrote down of its cache at its end, on docker. */
export interface CacheDump {
  /** Of the pages that were in the cache. */
  readonly pages: number;
  /** The next server finds it. */
  lay(): Promise<void>;
  /** The next server finds none, as one that never had any. */
  withhold(): Promise<void>;
}

const DUMP = 'ib_buffer_pool';
const KEPT = 'bench_dump';

/** Keeps a copy of the dump that is there: what each server makes of it in turn then begins from the same. */
export async function keepCacheDump(compute: BenchCompute): Promise<CacheDump> {
  const lines = await inData(compute, `cp ${DUMP} ${KEPT} && wc -l <${KEPT}`);
  return {
    pages: Number(lines.trim()),
    lay: async () => {
      await inData(compute, `cp ${KEPT} ${DUMP}`);
    },
    withhold: () => dropCacheDump(compute),
  };
}

export async function dropCacheDump(compute: BenchCompute): Promise<void> {
  await inData(compute, `rm -f ${DUMP}`);
}

async function inData(compute: BenchCompute, script: string): Promise<string> {
  const { id, dataPath } = await findContainer(compute);
  return await run('docker', ['exec', '--user', 'mysql', '--workdir', dataPath, id, 'sh', '-c', script]);
}
