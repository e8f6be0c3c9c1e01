import type { ConnectionPoolSettings } from '../../control/index.ts';
import { DozeError } from '../../errors/index.ts';

/** A client sees the message only. @param pinned connections that sessions keep */
export function noneCameFree(name: string, { size, waitMs }: ConnectionPoolSettings, pinned: number): DozeError {
  const kept = pinned === 0 ? '' : `, ${pinned} of them by sessions that cannot share`;
  return new DozeError(
    'TOO_MANY_CONNECTIONS',
    `Too many connections: all ${size} connections of compute "${name}" were in use for ${waitMs / 1000} s${kept}; ` +
      `try again, or: doze compute set ${name} --pool-size ${2 * size}`,
    { hint: `doze compute show ${name}` },
  );
}
