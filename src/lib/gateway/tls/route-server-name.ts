/** What a TLS server name says. */
export interface NamedCompute {
  readonly compute: string;
  /** Null is the default project. */
  readonly project: string | null;
}

/** The ways to read `NAME.anything` and `NAME.PROJECT.anything`, in the order in which they are tried. */
export function routeServerName(serverName: string): readonly NamedCompute[] {
  const [compute = '', project, ...rest] = serverName.split('.');
  if (compute === '' || project === undefined) return [];
  const own = { compute, project: null };
  return rest.length === 0 ? [own] : [own, { compute, project }];
}
