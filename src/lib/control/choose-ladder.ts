import {
  checkLadder,
  fitLadder,
  rungsOf,
  withFirstRung,
  type ComputeSpec,
  type Depth,
  type Ladder,
} from '../domain/index.ts';
import type { Driver } from '../drivers/index.ts';
import type { StartOptions } from './start-options.ts';
import { depthFor } from './possible-depth.ts';

type LadderOptions = Pick<StartOptions, 'ladder' | 'suspendAfterMs' | 'suspendDepth' | 'storage'>;
type Rungs = Required<Pick<ComputeSpec, 'suspendAfterMs' | 'suspendDepth' | 'deeper'>>;

/**
 * The ladder that a person wants: theirs, or what it would be otherwise with another first rung. What they name must be
 * possible here; what they leave to the host may become so later, and is fitted when its time comes.
 * @throws DEPTH_UNSUPPORTED, LADDER_INVALID
 */
export function ladderFor(
  driver: Driver,
  options: LadderOptions,
  otherwise: { readonly ladder: Ladder; /** Of one that never sleeps by itself. */ readonly byHand: Depth | null },
): Rungs {
  const { storage, suspendAfterMs: afterMs, suspendDepth: depth } = options;
  const named = [...(options.ladder ?? []).map((rung) => rung.depth), ...(depth === undefined ? [] : [depth])];
  for (const asked of named) depthFor(driver, options, asked);
  const base = options.ladder === undefined ? otherwise.ladder : checkLadder(options.ladder);
  const ladder = withFirstRung(base, { afterMs, depth });
  const byHand = depth ?? base[0]?.depth ?? otherwise.byHand ?? 'parked';
  if (storage === undefined) return rungsOf(ladder, byHand);
  return rungsOf(fitLadder(ladder, ['removed']), 'removed');
}
