import { createHash } from 'node:crypto';

import { SUPERVISOR } from './supervisor.ts';

/** The template's volume belongs to one image and one way of initialising it; the rest of a container is the supervisor. */
export function recipeOf(templateVolume: string): string {
  const supervisor = createHash('sha256').update(SUPERVISOR).digest('hex').slice(0, 8);
  return `${templateVolume}-${supervisor}`;
}
