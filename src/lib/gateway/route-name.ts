/** What the user name of the shared port says. */
export interface RouteName {
  readonly user: string;
  readonly compute: string;
  /** Null is the default project. */
  readonly project: string | null;
}

/**
 * The ways to read `user.compute` or `user.compute.project`, in the order in which they are tried. User names may
 * have dots themselves, names of computes and projects have none: it is split at the last dots.
 */
export function readRouteName(name: string): readonly RouteName[] {
  const parts = name.split('.');
  const readings: RouteName[] = [];
  const last = parts.at(-1) ?? '';
  const secondLast = parts.at(-2) ?? '';
  if (parts.length >= 2) readings.push({ user: parts.slice(0, -1).join('.'), compute: last, project: null });
  if (parts.length >= 3) readings.push({ user: parts.slice(0, -2).join('.'), compute: secondLast, project: last });
  return readings;
}
