import type { Compute } from '../domain/index.ts';
import type { Core } from './core.ts';

/** Binds the compute's port; another one that was bound instead is kept from then on. */
export async function openOnPort(core: Core, compute: Compute): Promise<void> {
  const port = await core.gate.open({ id: compute.id, name: compute.name, port: compute.port });
  if (port === compute.port) return;
  core.logger.warn(
    { compute: compute.name, from: compute.port, to: port },
    'port was taken; another one is used from now on',
  );
  core.journal.record(compute.id, { type: 'settingsChanged', changes: { port } });
}
