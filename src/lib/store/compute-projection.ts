import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { Compute } from '../domain/index.ts';
import type { ComputeFilter } from './store.ts';

/**
 * Computes as they are now. Those that are not destroyed are also kept in memory, so that asking costs no query;
 * `data_version` tells when another connection has written, and then they are read anew.
 */
export interface ComputeProjection {
  get(id: string): Compute | null;
  findLive(project: string, name: string): Compute | null;
  findRestorable(project: string, name: string): Compute | null;
  findDestroyed(project: string, name: string): Compute | null;
  list(filter: ComputeFilter): readonly Compute[];
  /** Every compute as it is in the file. */
  all(): readonly Compute[];
  /** Writes the row. Memory follows with `remember`, once the transaction has been committed. */
  write(compute: Compute): void;
  remember(compute: Compute): void;
  /** Another number whenever any of them may have changed. */
  version(): number;
}

export function createComputeProjection(db: DatabaseSync): ComputeProjection {
  const dataVersion = db.prepare('PRAGMA data_version');
  const selectLive = db.prepare("SELECT doc FROM computes WHERE state <> 'destroyed'");
  const selectById = db.prepare('SELECT doc FROM computes WHERE id = ?');
  const selectGone = db.prepare("SELECT doc FROM computes WHERE state = 'destroyed'");
  const selectKept = db.prepare('SELECT doc FROM computes WHERE kept_until_ms IS NOT NULL');
  const selectAll = db.prepare('SELECT doc FROM computes');
  const selectRestorable = db.prepare(
    `SELECT doc FROM computes WHERE project = ? AND name = ? AND kept_until_ms IS NOT NULL
     ORDER BY doc ->> '$.destroyedAtMs' DESC, doc ->> '$.seq' DESC LIMIT 1`,
  );
  const selectLastGone = db.prepare(
    `SELECT doc FROM computes WHERE state = 'destroyed' AND project = ? AND name = ?
     ORDER BY doc ->> '$.destroyedAtMs' DESC, doc ->> '$.seq' DESC LIMIT 1`,
  );
  const upsert = db.prepare(
    `INSERT INTO computes (id, project, name, state, kept_until_ms, doc) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, kept_until_ms = excluded.kept_until_ms, doc = excluded.doc`,
  );
  const live = new Map<string, Compute>();
  const idByName = new Map<string, string>();
  let seenVersion = -1;
  let changes = 0;

  function remember(compute: Compute): void {
    changes += 1;
    const key = nameKey(compute.project, compute.name);
    if (compute.state !== 'destroyed') {
      live.set(compute.id, compute);
      idByName.set(key, compute.id);
    } else if (live.delete(compute.id)) {
      idByName.delete(key);
    }
  }

  function refresh(): void {
    const version = Number(dataVersion.get()?.['data_version']);
    if (version === seenVersion) return;
    live.clear();
    idByName.clear();
    for (const compute of readDocs(selectLive)) remember(compute);
    seenVersion = version;
    changes += 1;
  }

  return {
    get(id) {
      refresh();
      return live.get(id) ?? readDocs(selectById, id)[0] ?? null;
    },
    findLive(project, name) {
      refresh();
      return live.get(idByName.get(nameKey(project, name)) ?? '') ?? null;
    },
    findRestorable: (project, name) => readDocs(selectRestorable, project, name)[0] ?? null,
    findDestroyed: (project, name) => readDocs(selectLastGone, project, name)[0] ?? null,
    list(filter) {
      if (filter.onlyKept === true)
        return readDocs(selectKept)
          .filter((compute) => isWanted(compute, filter))
          .sort(byNameAndAge);
      refresh();
      const wantsGone = filter.includeDestroyed === true || filter.states?.includes('destroyed') === true;
      const candidates = wantsGone ? [...live.values(), ...readDocs(selectGone)] : [...live.values()];
      return candidates.filter((compute) => isWanted(compute, filter)).sort(byNameAndAge);
    },
    all: () => readDocs(selectAll),
    write(compute) {
      const { id, project, name, state, keptUntilMs } = compute;
      upsert.run(id, project, name, state, keptUntilMs, JSON.stringify(compute));
    },
    remember,
    version() {
      refresh();
      return changes;
    },
  };
}

function readDocs(statement: StatementSync, ...values: string[]): Compute[] {
  return statement.all(...values).map((row) => JSON.parse(String(row['doc'])) as Compute);
}

/** Names have no slash. */
function nameKey(project: string, name: string): string {
  return `${project}/${name}`;
}

function isWanted(compute: Compute, filter: ComputeFilter): boolean {
  return (
    (filter.project === undefined || compute.project === filter.project) &&
    (filter.states === undefined || filter.states.includes(compute.state))
  );
}

function byNameAndAge(a: Compute, b: Compute): number {
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.createdAtMs - b.createdAtMs || a.seq - b.seq;
}
