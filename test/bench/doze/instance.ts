import { join } from 'node:path';

import { connectTo, type SqlTarget } from '../by-hand/first-row.ts';
import { run } from '../by-hand/run.ts';
import type { BenchAgent } from './agent.ts';
import type { BenchCompute } from './compute.ts';

/** The container of a compute, found as doze finds it, and what it is made of. */
export interface ComputeContainer {
  readonly id: string;
  readonly image: string;
  readonly address: string;
  /** Where its data is: a volume and a path in the container. */
  readonly volume: string;
  readonly dataPath: string;
}

interface Inspected {
  readonly Id: string;
  readonly Config: { readonly Image: string };
  readonly Mounts: readonly { readonly Name?: string; readonly Destination: string; readonly RW: boolean }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

export async function findContainer({ id }: BenchCompute): Promise<ComputeContainer> {
  const filters = ['--filter', `label=doze.compute=${id}`, '--filter', 'label=doze.role=instance'];
  const container = (await run('docker', ['ps', '--all', '--quiet', ...filters])).trim();
  const [found] = JSON.parse(await run('docker', ['inspect', container])) as Inspected[];
  const mount = found?.Mounts.find(({ RW: isWritable }) => isWritable);
  if (found === undefined || mount?.Name === undefined) throw new Error(`compute ${id} has no container with data`);
  return {
    id: found.Id,
    image: found.Config.Image,
    address: Object.values(found.NetworkSettings.Networks)[0]?.IPAddress ?? '',
    volume: mount.Name,
    dataPath: `${mount.Destination}/data`,
  };
}

/** Copies a sleeping compute's data to `directory/data`, so that a bare server starts from the same. */
export async function copyData(agent: BenchAgent, compute: BenchCompute, directory: string): Promise<void> {
  const data = join(directory, 'data');
  if (compute.driver === 'process') {
    await run('cp', ['-a', join(agent.home, 'computes', compute.id, 'data'), data]);
  } else {
    const container = await findContainer(compute);
    await run('docker', ['cp', '--archive', `${container.id}:${container.dataPath}`, data]);
  }
}

/** Where an awake compute's server answers without the gateway. */
export async function findDirectTarget(compute: BenchCompute): Promise<SqlTarget> {
  const connection = await connectTo(compute.target);
  const [[row]] = (await connection.query('SELECT @@port AS port')) as unknown as [[{ port: number }]];
  await connection.end();
  const host = compute.driver === 'process' ? '127.0.0.1' : (await findContainer(compute)).address;
  return { ...compute.target, host, port: row.port };
}
