import { describe, expect, it } from 'vitest';

import { listContainers } from '../../../../src/lib/drivers/docker/containers.ts';
import type { DockerHome } from '../../../../src/lib/drivers/docker/home.ts';

interface Asked {
  readonly limit: number;
  readonly filters: { readonly before?: readonly [string] };
}

/** A Docker with so many containers, the newest first; `onAsk` may take some away. */
function createHome(count: number, onAsk: (containers: string[], asked: Asked) => void = () => undefined) {
  const containers = Array.from({ length: count }, (_, index) => `c${String(count - index)}`);
  const asked: Asked[] = [];
  const docker = {
    listContainers: (query: Asked) => {
      asked.push(query);
      onAsk(containers, query);
      const [before] = query.filters.before ?? [];
      const from = before === undefined ? 0 : containers.indexOf(before) + 1;
      if (before !== undefined && from === 0) return null;
      return containers.slice(from, from + query.limit).map((Id) => ({ Id, State: 'exited', Labels: {} }));
    },
  };
  const run = (_statuses: unknown, _doing: unknown, _signal: unknown, ask: (docker: unknown) => unknown) =>
    Promise.resolve(ask(docker));
  return { home: { homeId: 'h', api: { runUnless: run } } as unknown as DockerHome, asked };
}

const { signal } = new AbortController();

describe('the list of a home’s containers', () => {
  it.each([0, 1, 99, 100, 101, 250])('has each of %i once, a page at a time', async (count) => {
    const { home, asked } = createHome(count);
    const listed = await listContainers(home, signal);
    expect(listed.map(({ Id }) => Id)).toEqual(
      Array.from({ length: count }, (_, index) => `c${String(count - index)}`),
    );
    expect(listed.every((container) => Object.keys(container).length === 3)).toBe(true);
    expect(asked).toHaveLength(Math.floor(count / 100) + 1);
  });

  it('is begun anew when the container behind which it was to go on has been removed', async () => {
    const { home, asked } = createHome(150, (containers) => {
      if (asked.length === 2) containers.splice(99, 1);
    });
    const listed = await listContainers(home, signal);
    expect(new Set(listed.map(({ Id }) => Id)).size).toBe(149);
    expect(listed).toHaveLength(149);
  });
});
