import type { Compute } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/**
 * Who is connected to which compute, whichever of the gateway's threads has them, so that limits can be kept: a session has
 * its seat from the end of its authentication, before anything is woken for it, until its end, parked or not.
 */
export interface SessionSeats {
  /** @throws TOO_MANY_SESSIONS, PROJECT_SESSIONS_EXCEEDED */
  take(compute: Compute, id: number): void;
  leave(id: number): void;
  /** Of all computes of a project. */
  countOf(project: string): number;
}

/** How many sessions the computes of a project may have, and by which name it is said; null is as many as come. */
export type SeatLimit = (project: string) => { readonly most: number; readonly name: string } | null;

export function createSessionSeats(limitOf: SeatLimit): SessionSeats {
  const seats = new Map<number, Pick<Compute, 'id' | 'project'>>();
  const byCompute = new Map<string, number>();
  const byProject = new Map<string, number>();
  return {
    take({ id: computeId, name, project, maxSessions = null }, id) {
      if (maxSessions !== null && (byCompute.get(computeId) ?? 0) >= maxSessions) throw computeFull(name, maxSessions);
      const limit = limitOf(project);
      if (limit !== null && (byProject.get(project) ?? 0) >= limit.most) throw projectFull(project, limit);
      seats.set(id, { id: computeId, project });
      add(byCompute, computeId, 1);
      add(byProject, project, 1);
    },
    leave(id) {
      const seat = seats.get(id);
      if (!seats.delete(id) || seat === undefined) return;
      add(byCompute, seat.id, -1);
      add(byProject, seat.project, -1);
    },
    countOf: (project) => byProject.get(project) ?? 0,
  };
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function computeFull(name: string, limit: number): DozeError {
  return new DozeError(
    'TOO_MANY_SESSIONS',
    `Too many connections: compute "${name}" has ${limit} ${limit === 1 ? 'session' : 'sessions'}, which is its limit`,
    { hint: `doze session list ${name} --all, or: doze compute start ${name} --max-sessions NUMBER` },
  );
}

/** In the server's words for a resource that an account has used up. */
function projectFull(project: string, { most, name }: NonNullable<ReturnType<SeatLimit>>): DozeError {
  return new DozeError(
    'PROJECT_SESSIONS_EXCEEDED',
    `Project '${project}' has exceeded the '${name}' resource (current value: ${most})`,
    name === 'sessions' ? { hint: `doze project show ${project}` } : {},
  );
}
