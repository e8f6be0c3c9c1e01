import { memoryBytes } from '../../../src/lib/domain/index.ts';
import { createHandContainer, type HandContainer, type HandNetwork } from '../by-hand/container.ts';
import type { BenchCompute } from './compute.ts';
import { findContainer } from './instance.ts';
import { serverArguments } from './server-arguments.ts';

/** The container that somebody without doze would have: same image, data, arguments and limits as the compute's. */
export async function createByHandTwin(compute: BenchCompute, network: HandNetwork): Promise<HandContainer> {
  const { image, volume } = await findContainer(compute);
  return createHandContainer({
    image,
    volume,
    serverArguments: serverArguments(compute.cu),
    cpus: compute.cu,
    memoryBytes: memoryBytes(compute.cu),
    account: compute.target,
    network,
  });
}
