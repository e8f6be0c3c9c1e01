import { API_PREFIX } from '../protocol.ts';
import { ALL_ROUTES } from '../routes/index.ts';

interface Pattern {
  readonly matches: RegExp;
  readonly methods: readonly string[];
}

let patterns: readonly Pattern[] | null = null;

/** What can be done at the path of a URL; empty where nothing is. */
export function allowedMethods(url: string): readonly string[] {
  const path = url.split('?', 1)[0] ?? '';
  patterns ??= ALL_ROUTES.map(({ method, path: route, kind }) => ({
    matches: new RegExp(`^${API_PREFIX}${route.replaceAll(/:\w+/g, '[^/]+')}$`),
    methods: method === 'GET' && kind === 'json' ? ['GET', 'HEAD'] : [method],
  }));
  const methods = patterns.filter(({ matches }) => matches.test(path)).flatMap((pattern) => pattern.methods);
  return [...new Set(methods)].toSorted();
}
