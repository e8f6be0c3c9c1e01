import type { Instance } from '../driver.ts';

/** What is remembered of an instance from one look to the next. */
export interface Sight {
  readonly isUp: boolean;
  readonly exit: Instance['exit'];
}

/** Undefined: there is no instance. */
export type Sights = ReadonlyMap<string, Sight | undefined>;

export interface SightsDeps {
  readonly list: () => Promise<readonly Instance[]>;
  readonly inspect: (computeId: string) => Promise<Instance | null>;
}

/**
 * Looks at all instances once, then only at those that run: the others change by our own verbs alone, and they may be a
 * thousand.
 */
export function createSights({ list, inspect }: SightsDeps) {
  const seen = new Map<string, Sight>();
  /** Of which a verb failed, so that it is not known what it left. */
  const doubtful = new Set<string>();
  let hasSeenAll = false;

  const lookAtAll = async (): Promise<Sights> => {
    const instances = await list();
    hasSeenAll = true;
    const missed = [...seen.keys()].map((id) => [id, undefined] as const);
    return new Map([...missed, ...instances.map((instance) => [instance.computeId, sightOf(instance)] as const)]);
  };
  const lookAgain = async (): Promise<Sights> => {
    const awake = [...seen].filter(([, { isUp }]) => isUp).map(([id]) => id);
    const ids = [...new Set([...awake, ...doubtful])];
    return new Map(await Promise.all(ids.map(async (id) => [id, await lookAt(id)] as const)));
  };
  const lookAt = async (id: string): Promise<Sight | undefined> => {
    doubtful.delete(id);
    try {
      return sightOf(await inspect(id));
    } catch (error) {
      doubtful.add(id);
      throw error;
    }
  };

  return {
    look: () => (hasSeenAll ? lookAgain() : lookAtAll()),
    lookAt,
    before: (id: string) => seen.get(id),
    remember(id: string, sight: Sight | undefined): void {
      if (sight === undefined) seen.delete(id);
      else seen.set(id, sight);
    },
    doubt: (id: string) => void doubtful.add(id),
    /** The next look is at all of them again. */
    startOver: () => void (hasSeenAll = false),
  };
}

function sightOf(instance: Instance): Sight;
function sightOf(instance: Instance | null): Sight | undefined;
function sightOf(instance: Instance | null): Sight | undefined {
  if (instance === null) return undefined;
  return { isUp: instance.state === 'running' || instance.state === 'frozen', exit: instance.exit };
}
