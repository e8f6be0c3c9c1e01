import { exceededLimit, type AccountName, type AccountSnapshot, type Compute } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/**
 * Who is connected to which compute, whichever of the gateway's threads has them, so that limits can be kept: a session has
 * its seat from the end of its authentication, before anything is woken for it, until its end, parked or not.
 */
export interface SessionSeats {
  /**
   * @param claim left out where it is not known whose it is: only its server can tell
   * @throws TOO_MANY_SESSIONS, PROJECT_SESSIONS_EXCEEDED, ACCOUNT_LIMIT_REACHED, TOO_MANY_USER_CONNECTIONS
   */
  take(compute: Compute, id: number, claim?: AccountClaim): void;
  leave(id: number): void;
  /** Of all computes of a project. */
  countOf(project: string): number;
}

/** Whose session it is, and what may be had by whom. */
export interface AccountClaim {
  readonly account: AccountName;
  readonly accounts: AccountSnapshot;
}

/** How many sessions the computes of a project may have, and by which name it is said; null is as many as come. */
export type SeatLimit = (project: string) => { readonly most: number; readonly name: string } | null;

export function createSessionSeats(limitOf: SeatLimit): SessionSeats {
  const seats = new Map<number, Seat>();
  const byCompute = new Map<string, number>();
  const byProject = new Map<string, number>();
  const byAccount = new Map<string, number>();
  return {
    take({ id: computeId, name, project, maxSessions = null }, id, claim) {
      if (maxSessions !== null && (byCompute.get(computeId) ?? 0) >= maxSessions) throw computeFull(name, maxSessions);
      const limit = limitOf(project);
      if (limit !== null && (byProject.get(project) ?? 0) >= limit.most) throw projectFull(project, limit);
      const account = claim === undefined ? null : keyOf(computeId, claim.account);
      if (claim !== undefined) refuseExceeding(claim, byAccount.get(account ?? '') ?? 0);
      seats.set(id, { id: computeId, project, account });
      add(byCompute, computeId, 1);
      add(byProject, project, 1);
      if (account !== null) add(byAccount, account, 1);
    },
    leave(id) {
      const seat = seats.get(id);
      if (!seats.delete(id) || seat === undefined) return;
      add(byCompute, seat.id, -1);
      add(byProject, seat.project, -1);
      if (seat.account !== null) add(byAccount, seat.account, -1);
    },
    countOf: (project) => byProject.get(project) ?? 0,
  };
}

interface Seat extends Pick<Compute, 'id' | 'project'> {
  /** Of all accounts of all computes. */
  readonly account: string | null;
}

function keyOf(computeId: string, { user, host }: AccountName): string {
  return JSON.stringify([computeId, user, host]);
}

/** In the server's words. */
function refuseExceeding({ account, accounts }: AccountClaim, connections: number): void {
  const exceeded = exceededLimit(accounts, account, connections);
  if (exceeded === null) return;
  const { user } = account;
  if (exceeded.isOwn) {
    throw new DozeError(
      'ACCOUNT_LIMIT_REACHED',
      `User '${user}' has exceeded the 'max_user_connections' resource (current value: ${exceeded.limit})`,
      { hint: 'ALTER USER ... WITH MAX_USER_CONNECTIONS NUMBER' },
    );
  }
  throw new DozeError(
    'TOO_MANY_USER_CONNECTIONS',
    `User ${user} already has more than 'max_user_connections' active connections`,
    { hint: 'SET GLOBAL max_user_connections = NUMBER' },
  );
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
