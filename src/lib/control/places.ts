/** Compute units of a host that are spoken for although no record says so yet. Disposed when one does, or when it came to nothing. */
export interface Place extends Disposable {
  readonly cu: number;
}

export interface HeldPlace {
  readonly computeId: string;
  readonly host: string;
  readonly cu: number;
}

export interface Places {
  hold(place: HeldPlace): Place;
  of(host: string): readonly HeldPlace[];
}

/** @param onFreed called after each that is disposed */
export function createPlaces(onFreed: () => void): Places {
  const held = new Set<HeldPlace>();
  return {
    hold(place) {
      const mine = { ...place };
      held.add(mine);
      return {
        cu: mine.cu,
        [Symbol.dispose]: () => {
          if (held.delete(mine)) onFreed();
        },
      };
    },
    of: (host) => [...held].filter((place) => place.host === host),
  };
}
