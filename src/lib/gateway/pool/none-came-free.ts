import { DozeError } from '../../errors/index.ts';
import type { PoolShare } from './pool-share.ts';

/** A client sees the message only. @param pinned connections that sessions keep */
export function noneCameFree(name: string, { size, ofAll, waitMs }: PoolShare, pinned: number): DozeError {
  const kept = pinned === 0 ? '' : `, ${pinned} of them by sessions that cannot share`;
  const part = size === ofAll ? '' : ` that this client can have, of ${ofAll},`;
  return new DozeError(
    'TOO_MANY_CONNECTIONS',
    `Too many connections: all ${size} connections of compute "${name}"${part} were in use for ${waitMs / 1000} s${kept}; ` +
      `try again, or: doze compute set ${name} --pool-size ${2 * ofAll}`,
    { hint: `doze compute show ${name}` },
  );
}
