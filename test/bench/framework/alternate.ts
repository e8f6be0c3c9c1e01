/** One measurement; its parts say where it went and need not add up. */
export interface Sample {
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** One of the things that are measured in turn. */
export interface Side {
  /** What has to be so before, and is not measured. */
  readonly prepare?: () => Promise<void>;
  readonly measure: () => Promise<Sample>;
  readonly settle?: () => Promise<void>;
}

export interface Rounds {
  /** Rounds that are run and thrown away: compiled code and page cache are to be warm for every side. */
  readonly warmUp: number;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly onRound?: (done: number, rounds: number) => void;
}

export function total(value: number): Sample {
  return { total: value, parts: {} };
}

/** Measures A B A B ...: whatever else the machine does then meets every side alike. */
export async function alternate<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { warmUp, rounds, signal, onRound }: Rounds,
): Promise<Record<Name, readonly Sample[]>> {
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Sample[]>;
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of names) {
      signal.throwIfAborted();
      const sample = await measureOnce(sides[name]);
      if (round >= 0) samples[name].push(sample);
    }
    if (round >= 0) onRound?.(round + 1, rounds);
  }
  return samples;
}

async function measureOnce({ prepare, measure, settle }: Side): Promise<Sample> {
  await prepare?.();
  const sample = await measure();
  await settle?.();
  return sample;
}
