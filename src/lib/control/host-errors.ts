import type { Compute } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

const WAYS_OUT = 'doze compute list (what can be suspended?); for more: doze config set hostCu none, doze agent stop';

type Named = Pick<Compute, 'name'>;

/** It would wait for ever. */
export function hostTooSmall({ name }: Named, cu: number, limitCu: number): DozeError {
  return new DozeError(
    'HOST_TOO_SMALL',
    `compute "${name}" of ${cu} CU cannot run: the host gives ${limitCu} CU in all`,
    {
      hint: `choose a size of ${limitCu} at most, or give more: doze config set hostCu ${cu}, then doze agent stop`,
    },
  );
}

/** @param inUse what the host gives now, as `2 of 2 CU are awake` */
export function cannotGrow({ name, size }: Pick<Compute, 'name' | 'size'>, cu: number, inUse: string): DozeError {
  return new DozeError('HOST_FULL', `compute "${name}" stays at ${size.now} CU, there is no room for ${cu}: ${inUse}`, {
    hint: WAYS_OUT,
  });
}

/** @param why what it waited for, as `waits for ...` */
export function hostFull({ name }: Named, why: string | null, after: string): DozeError {
  return new DozeError(
    'HOST_FULL',
    `compute "${name}" had no room within ${after}: it ${why ?? 'waits for its turn'}`,
    {
      hint: WAYS_OUT,
    },
  );
}
