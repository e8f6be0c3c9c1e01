/** Compute units of a host that are spoken for although no record says so yet. Disposed when one does, or when it came to nothing. */
export interface Place extends Disposable {
  readonly cu: number;
}

export interface HeldPlace {
  readonly computeId: string;
  readonly project: string;
  readonly host: string;
  readonly cu: number;
}

export interface Places {
  hold(place: HeldPlace): Place;
  of(host: string): readonly HeldPlace[];
  ofProject(project: string): readonly HeldPlace[];
  /** Called after each that is disposed. */
  onFreed(listener: () => void): void;
}

export function createPlaces(): Places {
  const held = new Set<HeldPlace>();
  const listeners = new Set<() => void>();
  return {
    hold(place) {
      const mine = { ...place };
      held.add(mine);
      return {
        cu: mine.cu,
        [Symbol.dispose]: () => {
          if (held.delete(mine)) for (const listener of listeners) listener();
        },
      };
    },
    of: (host) => [...held].filter((place) => place.host === host),
    ofProject: (project) => [...held].filter((place) => place.project === project),
    onFreed: (listener) => void listeners.add(listener),
  };
}
