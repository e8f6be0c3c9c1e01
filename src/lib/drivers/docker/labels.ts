import type { InstanceSpec } from '../driver.ts';

/** Every label doze puts on what it makes in Docker. Containers, volumes and networks are found again by these. */
export const LABEL = {
  /** The home that owns it: several agents may share one Docker engine. */
  home: 'doze.home',
  /** Id of the compute. */
  compute: 'doze.compute',
  name: 'doze.name',
  project: 'doze.project',
  /** `data`, `template`, `network`, `instance`, `helper`. */
  role: 'doze.role',
  /** Of images doze built, and of templates. */
  engine: 'doze.engine',
  version: 'doze.version',
} as const;

export type Role = 'instance' | 'data' | 'template' | 'network' | 'helper';

export function computeLabels(homeId: string, role: Role, spec: InstanceSpec): Record<string, string> {
  return {
    ...homeLabels(homeId, role),
    [LABEL.compute]: spec.computeId,
    [LABEL.name]: spec.name,
    [LABEL.project]: spec.project,
  };
}

export function homeLabels(homeId: string, role: Role): Record<string, string> {
  return { [LABEL.home]: homeId, [LABEL.role]: role };
}

/** A `label` filter for lists and events. */
export function labelFilter(homeId: string, role: Role, computeId?: string): string[] {
  const filter = [`${LABEL.home}=${homeId}`, `${LABEL.role}=${role}`];
  return computeId === undefined ? filter : [...filter, `${LABEL.compute}=${computeId}`];
}
