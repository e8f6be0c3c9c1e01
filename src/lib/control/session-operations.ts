import { createDeadline } from '../clock.ts';
import { keepsCompute, type Compute } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { agentTarget, type Core } from './core.ts';
import type { SessionFacts } from './ports.ts';
import { recordSessionEnd } from './record-session-end.ts';

/** A client's session with the names of its compute. All times are wall times. */
export interface SessionStatus extends Pick<SessionFacts, 'id' | 'client' | 'user' | 'state' | 'why' | 'backendId'> {
  readonly compute: string;
  readonly project: string;
  readonly stateSinceMs: number;
  readonly lastCommandAtMs: number;
  readonly connectedAtMs: number;
}

export interface SessionFilter {
  /** Null is any. */
  readonly project: string | null;
  /** Name of a compute; null is any. */
  readonly name: string | null;
}

export interface SessionOperations {
  /**
   * By project and compute, those first that keep it awake or from going deeper, the longest first. Wakes nothing.
   * @throws COMPUTE_NOT_FOUND
   */
  listSessions(filter: SessionFilter): Promise<readonly SessionStatus[]>;
  /**
   * Ends a session; a command of it that runs ends too. Wakes and thaws nothing.
   * @returns what it was, and what could not be done
   * @throws SESSION_NOT_FOUND
   */
  killSession(id: number): Promise<{ readonly session: SessionStatus; readonly notes: readonly string[] }>;
}

/** For a server that may be frozen at this very moment. */
const KILL_TIMEOUT_MS = 5_000;

export function createSessionOperations(core: Core): SessionOperations {
  return {
    async listSessions(filter) {
      const computes = new Map(wantedComputes(core, filter).map((compute) => [compute.id, compute]));
      const [only] = computes.keys();
      const found = await core.gate.sessions(computes.size === 1 && only !== undefined ? only : null);
      return found
        .map((facts) => ({ facts, compute: computes.get(facts.computeId) }))
        .filter((entry): entry is Entry => entry.compute !== undefined)
        .sort(inOrder)
        .map((entry) => statusOf(core, entry));
    },
    async killSession(id) {
      const facts = await core.gate.endSession(id, { reason: 'Connection was killed' });
      const compute = facts === null ? null : core.store.getCompute(facts.computeId);
      if (facts === null || compute === null) {
        throw new DozeError('SESSION_NOT_FOUND', `there is no session ${id}: it may have ended`);
      }
      recordSessionEnd(core, compute, facts, 'killed');
      return { session: statusOf(core, { facts, compute }), notes: await endAtServer(core, compute, facts) };
    },
  };
}

interface Entry {
  readonly facts: SessionFacts;
  readonly compute: Compute;
}

function wantedComputes(core: Core, { project, name }: SessionFilter): readonly Compute[] {
  const computes = core.store.listComputes(project === null ? {} : { project });
  const wanted = name === null ? computes : computes.filter((compute) => compute.name === name);
  if (wanted.length > 0 || name === null) return wanted;
  const where = project === null ? '' : ` in project "${project}"`;
  throw new DozeError('COMPUTE_NOT_FOUND', `there is no compute "${name}"${where}`);
}

function inOrder(a: Entry, b: Entry): number {
  if (a.compute.project !== b.compute.project) return a.compute.project < b.compute.project ? -1 : 1;
  if (a.compute.name !== b.compute.name) return a.compute.name < b.compute.name ? -1 : 1;
  const [aKeeps, bKeeps] = [keepsCompute(a.facts.state), keepsCompute(b.facts.state)];
  return aKeeps === bKeeps ? a.facts.sinceMs - b.facts.sinceMs : Number(bKeeps) - Number(aKeeps);
}

function statusOf({ clock }: Core, { facts, compute }: Entry): SessionStatus {
  const { id, client, user, state, why, backendId } = facts;
  const offsetMs = clock.wallMs() - clock.monotonicMs();
  return {
    id,
    compute: compute.name,
    project: compute.project,
    client,
    user,
    state,
    why,
    backendId,
    stateSinceMs: facts.sinceMs + offsetMs,
    lastCommandAtMs: facts.lastCommandMs + offsetMs,
    connectedAtMs: facts.connectedMs + offsetMs,
  };
}

/**
 * A server notices that a client has gone when it has something to tell it: a long statement would run on. Only while it is
 * awake; one that sleeps runs nothing, and sees the closed connection when it is thawed.
 */
async function endAtServer(core: Core, compute: Compute, { state, backendId }: SessionFacts): Promise<string[]> {
  const { endpoint } = core.cells.of(compute.id);
  if (state !== 'busy' || backendId === null || compute.state !== 'active' || endpoint === null) return [];
  using deadline = createDeadline(
    KILL_TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `no answer within ${KILL_TIMEOUT_MS / 1000} s`),
  );
  try {
    await core.engines[compute.engine].killConnection(agentTarget(core, compute, endpoint), backendId, deadline.signal);
    return [];
  } catch (error) {
    const { message } = toDozeError(error);
    core.logger.warn({ compute: compute.name, error: message }, 'the server could not be told of a kill');
    return [`the server could not be told, so that its statement may run to its end: ${message}`];
  }
}
