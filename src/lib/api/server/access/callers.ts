import type { FastifyRequest } from 'fastify';

import type { Caller } from '../../access.ts';
import { DozeError } from '../../../errors/index.ts';

const callers = new WeakMap<FastifyRequest, Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** @throws INTERNAL where nobody has found out who asks: no route may run then */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller !== undefined) return caller;
  throw new DozeError('INTERNAL', 'nobody has found out who asks');
}
