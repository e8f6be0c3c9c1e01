import type { DatabaseSync } from 'node:sqlite';

import type { Project } from '../domain/index.ts';

/** Projects as they are now. All are kept in memory: each wake asks for one. See `compute-projection.ts`. */
export interface ProjectProjection {
  get(name: string): Project | null;
  /** By name; those that are not deleted. */
  list(): readonly Project[];
  /** Every project as it is in the file. */
  all(): readonly Project[];
  /** Writes the row. Memory follows with `remember`, once the transaction has been committed. */
  write(project: Project): void;
  remember(project: Project): void;
}

export function createProjectProjection(db: DatabaseSync): ProjectProjection {
  const dataVersion = db.prepare('PRAGMA data_version');
  const select = db.prepare('SELECT doc FROM projects ORDER BY name');
  const upsert = db.prepare(
    'INSERT INTO projects (name, doc) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET doc = excluded.doc',
  );
  const known = new Map<string, Project>();
  let seenVersion = -1;

  const read = (): Project[] => select.all().map((row) => JSON.parse(String(row['doc'])) as Project);

  function refresh(): void {
    const version = Number(dataVersion.get()?.['data_version']);
    if (version === seenVersion) return;
    known.clear();
    for (const project of read()) known.set(project.name, project);
    seenVersion = version;
  }

  return {
    get(name) {
      refresh();
      return known.get(name) ?? null;
    },
    list() {
      refresh();
      return [...known.values()]
        .filter(({ deletedAtMs }) => deletedAtMs === null)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    all: read,
    write: (project) => void upsert.run(project.name, JSON.stringify(project)),
    remember: (project) => void known.set(project.name, project),
  };
}
