import type { InstanceSpec } from '../driver.ts';

/** Every label doze puts on what it makes in Docker. Containers, volumes and networks are found again by these. */
export const LABEL = {
  /** The home that owns it: several agents may share one Docker engine. */
  home: 'doze.home',
  /** Id of the compute. */
  compute: 'doze.compute',
  /** Both as they were when it was made: a container that waited in the warm pool has those of a spare. */
  name: 'doze.name',
  project: 'doze.project',
  /** Id of the snapshot, on its volume, on what copies to it, and on what says that it is whole. */
  snapshot: 'doze.snapshot',
  /** Id of the compute that is copied from. */
  source: 'doze.source',
  /** `data`, `snapshot`, `template`, `network`, `instance`, `helper`. */
  role: 'doze.role',
  /** Of images doze built, and of templates. */
  engine: 'doze.engine',
  version: 'doze.version',
  /** `true` on the container of a compute that keeps nothing, beside the generation of the start that made it. */
  stateless: 'doze.stateless',
  generation: 'doze.generation',
} as const;

export type Role = 'instance' | 'data' | 'snapshot' | 'template' | 'network' | 'helper';

export function computeLabels(homeId: string, role: Role, spec: InstanceSpec): Record<string, string> {
  return {
    ...homeLabels(homeId, role),
    [LABEL.compute]: spec.computeId,
    [LABEL.name]: spec.name,
    [LABEL.project]: spec.project,
  };
}

export function statelessLabels(homeId: string, spec: InstanceSpec, generation: number): Record<string, string> {
  return {
    ...computeLabels(homeId, 'instance', spec),
    [LABEL.stateless]: 'true',
    [LABEL.generation]: String(generation),
  };
}

/** Whether the container runs an image's own start-up: nothing in it takes orders, and an attach would wait for ever. */
export function isStateless(container: LabelledContainer): boolean {
  return container.Config.Labels[LABEL.stateless] === 'true';
}

export function isOfGeneration(container: LabelledContainer, generation: number): boolean {
  return isStateless(container) && container.Config.Labels[LABEL.generation] === String(generation);
}

interface LabelledContainer {
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
}

export function homeLabels(homeId: string, role: Role): Record<string, string> {
  return { [LABEL.home]: homeId, [LABEL.role]: role };
}

/** A `label` filter for lists and events. */
export function labelFilter(homeId: string, role: Role, computeId?: string): string[] {
  const filter = [`${LABEL.home}=${homeId}`, `${LABEL.role}=${role}`];
  return computeId === undefined ? filter : [...filter, `${LABEL.compute}=${computeId}`];
}
