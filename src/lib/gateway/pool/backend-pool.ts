import type { Clock } from '../../clock.ts';
import type { ConnectionPoolState } from '../../control/index.ts';
import type { RoutineEffects } from '../../engines/index.ts';
import { hasCode, toDozeError, type DozeError } from '../../errors/index.ts';
import type { BackendLink } from '../backend-link.ts';
import { Departures, type Departure } from './departures.ts';
import { pickConnection, type Choice } from './pick-connection.ts';
import { noneCameFree } from './none-came-free.ts';
import type { Place, PlaceRequest } from './place-request.ts';
import { closeBackend, countUsed, createPooledBackend, isToBeHad, type PooledBackend } from './pooled-backend.ts';
import type { PoolChange } from './pool-change.ts';
import type { PoolShare } from './pool-share.ts';
import { RecentTimes } from './recent-times.ts';
import { KnownEffects } from './known-effects.ts';
import { resetNow } from './take-over.ts';
import type { Tenant } from './tenant.ts';
import { WaitingLine, type Waiter } from './waiting-line.ts';

export interface PoolDeps {
  readonly clock: Clock;
  /** Nothing is said to the server unless it is open. */
  readonly gate: { readonly name: string; readonly state: 'open' | 'held' | 'asleep' };
  /** Asks for a wake of the gate's compute, for those in the line. */
  readonly wake: () => void;
  readonly readRoutineEffects: () => Promise<RoutineEffects>;
  /** Other threads have connections to the same server. */
  readonly tellOthers: (change: PoolChange) => void;
  /** The server has room for one more. */
  readonly onGone: () => void;
}

const SWEEP_MS = 1_000;

/**
 * Connections to one compute's server that its sessions take turns on. A session has one from its first command to the
 * end of its transaction; then it is anybody's, in the order in which they came, and until somebody wants it the same
 * session goes on without any ado. See `PooledBackend` for its states.
 */
export class BackendPool {
  private settings: PoolShare;
  private readonly deps: PoolDeps;
  private readonly line = new WaitingLine<PlaceRequest, Place>();
  /** Those idle for the longest come first. */
  private readonly backends = new Set<PooledBackend>();
  private readonly departures = new Departures();
  private readonly effects: KnownEffects;
  private readonly waited = new RecentTimes();
  private readonly held = new RecentTimes();
  private readonly sweeper: Disposable;
  private switches = 0;
  private refusals = 0;
  private isClosed = false;

  constructor(deps: PoolDeps, settings: PoolShare) {
    this.deps = deps;
    this.settings = settings;
    this.effects = new KnownEffects(deps.clock, deps.readRoutineEffects, () => this.pump());
    this.sweeper = deps.clock.every(SWEEP_MS, () => {
      this.sweep();
      // What has no answer, as the end of a prepared statement, makes a session movable without a word.
      if (!this.line.isEmpty) this.pump();
    });
  }

  /** Those above a new size are closed as soon as their sessions can do without. */
  configure(settings: PoolShare): void {
    this.settings = settings;
    this.pump();
  }

  /** @throws TOO_MANY_CONNECTIONS when its time is up, the signal's reason, and what a login throws */
  async acquire(request: PlaceRequest, signal: AbortSignal): Promise<Place> {
    const own = await this.departures.outcomeOf(request.carry);
    if (own !== null) return own;
    const { waitMs } = this.settings;
    const nowMs = this.deps.clock.monotonicMs();
    const place = this.line.join(request, { signal, nowMs, waitMs, refusal: () => this.refusal() });
    this.pump();
    return await place;
  }

  /** @param tenant whose the connection is from now on */
  settle({ pooled }: Place, tenant: Tenant): void {
    pooled.tenant = tenant;
  }

  /**
   * A tenant's answer is complete, and no transaction is open.
   * @param heldSinceMs monotonic time of its first command; null when it was a ping
   */
  noteIdle(pooled: PooledBackend, heldSinceMs: number | null): void {
    this.moveBack(pooled);
    if (heldSinceMs !== null) this.held.add(pooled.idleSinceMs - heldSinceMs);
    if (!this.line.isEmpty || this.backends.size > this.settings.size) this.pump();
  }

  /** A command of one of its sessions came or ended. */
  tell(change: PoolChange): void {
    this.note(change);
    this.deps.tellOthers(change);
  }

  /** The same, of a session of any thread. */
  note(change: PoolChange): void {
    if (change === 'routines') this.effects.forget();
    else for (const pooled of this.backends) pooled.isNeutral = false;
  }

  /** A session ended and leaves its connection. @param isBetween whether nothing was under way on it */
  giveBack(pooled: PooledBackend, { carry, capabilities }: Tenant, isBetween: boolean): void {
    const { login } = pooled;
    pooled.tenant = null;
    const isOfUse = isBetween && pooled.key !== null && !carry.isLasting && this.deps.gate.state === 'open';
    if (login === null || !isOfUse || this.isClosed || countUsed(this.backends) > this.settings.size) {
      closeBackend(pooled);
      return;
    }
    pooled.hasDatabase = true;
    pooled.isDefault &&= carry.isDefault;
    pooled.state = 'resetting';
    // At once, as whatever it held has to be let go.
    resetNow(login.link, capabilities).then(
      () => this.becomeFree(pooled, login.link),
      () => login.link.socket.destroy(),
    );
  }

  /** Serves whom it can, in order. */
  pump(): void {
    const { state } = this.deps.gate;
    if (state === 'asleep' && !this.line.isEmpty) this.deps.wake();
    if (state !== 'open') return;
    if (countUsed(this.backends) > this.settings.size) this.sweep();
    for (const waiter of this.line.unserved()) {
      const choice = this.pick(waiter.request);
      if (choice === null) return;
      waiter.isServed = true;
      void this.serve(waiter, choice);
    }
  }

  /** The server goes: what no session has is closed. */
  closeFree(): void {
    for (const pooled of [...this.backends])
      if (pooled.state === 'free' || pooled.state === 'resetting') closeBackend(pooled);
  }

  /** No wake, no room: those in the line are told. */
  fail(error: unknown): void {
    this.line.dissolve(toDozeError(error));
  }

  shutDown(error: unknown): void {
    this.isClosed = true;
    this.sweeper[Symbol.dispose]();
    this.fail(error);
    this.closeFree();
  }

  get state(): ConnectionPoolState {
    const all = [...this.backends].filter(({ state }) => state !== 'closing');
    const idle = all.filter(isToBeHad).length;
    return {
      size: this.settings.ofAll,
      inUse: all.length - idle,
      pinned: all.filter(({ tenant }) => tenant !== null && tenant.carry.pin !== null).length,
      idle,
      waiting: this.line.length,
      waited: this.waited.summary,
      held: this.held.summary,
      switches: this.switches,
      refusals: this.refusals,
    };
  }

  private pick(request: PlaceRequest): Choice | null {
    const isFull = countUsed(this.backends) >= this.settings.size;
    if (isFull && this.effects.current === null) return null;
    if (this.effects.current === 'hidden')
      for (const { tenant } of this.backends) if (tenant?.isMovable === true) tenant.carry.notePossiblyHidden();
    return pickConnection(this.backends, request, isFull);
  }

  private async serve(waiter: Waiter<PlaceRequest, Place>, choice: Choice): Promise<void> {
    try {
      const place = await this.placeFor(waiter, choice);
      if (place === null) {
        this.line.putBack(waiter, () => this.refusal());
      } else if (waiter.hasLeft) {
        closeBackend(place.pooled);
      } else {
        this.waited.add(this.deps.clock.monotonicMs() - waiter.sinceMs);
        waiter.settle({ result: place });
      }
    } catch (error) {
      waiter.settle({ error: toDozeError(error) });
    }
    this.pump();
  }

  /** @returns null when it came to nothing, and something else is to be tried */
  private async placeFor(waiter: Waiter<PlaceRequest, Place>, choice: Choice): Promise<Place | null> {
    if (choice.kind === 'connect') return await this.connect(waiter);
    const { pooled } = choice;
    if (choice.kind === 'reuse') return await this.reuse(pooled, waiter.request);
    const next = createPooledBackend(waiter.request.key, this.deps.clock.monotonicMs());
    if (!(await this.retire(pooled, next))) return null;
    return await this.connect(waiter, next);
  }

  private async connect(
    { request, signal }: Waiter<PlaceRequest, Place>,
    pooled = createPooledBackend(request.key, this.deps.clock.monotonicMs()),
  ): Promise<Place> {
    this.backends.add(pooled);
    try {
      const { backend, payload, ...begins } = await request.connect(signal);
      Object.assign(pooled, begins, { login: backend, state: 'taken' });
      backend.link.socket.once('close', () => this.gone(pooled));
      if (backend.link.socket.destroyed) this.gone(pooled);
      return { pooled, backend, payload };
    } catch (error) {
      this.gone(pooled);
      throw error;
    }
  }

  private async reuse(pooled: PooledBackend, request: PlaceRequest): Promise<Place | null> {
    const { login, tenant } = pooled;
    if (login === null) return null;
    let leaving: Departure | null = null;
    if (tenant !== null) {
      const isPlain = tenant.carry.isPlain && this.effects.current === 'none';
      leaving = this.departures.begin(pooled, tenant);
      if (!isPlain) {
        if (!(await this.findOut(pooled, leaving))) return null;
        leaving = null;
      }
    }
    pooled.state = 'resetting';
    try {
      const payload = await request.takeOver(pooled, login.link, leaving?.tenant ?? null);
      if (leaving !== null) this.departures.left(pooled, leaving);
      pooled.state = 'taken';
      this.switches += 1;
      return { pooled, backend: login, payload };
    } catch (error) {
      login.link.socket.destroy();
      if (leaving?.tenant.carry.isPlain === true) this.departures.lost(leaving, error);
      else if (leaving !== null) this.departures.left(pooled, leaving);
      // Nothing of the session's own was sent: another one will do.
      if (hasCode(error, 'BACKEND_LOST') || hasCode(error, 'TIMED_OUT')) return null;
      throw error;
    }
  }

  /** Has its session leave, and closes it. @param next takes its place at once @returns whether it is closed */
  private async retire(pooled: PooledBackend, next: PooledBackend | null = null): Promise<boolean> {
    const { tenant } = pooled;
    if (tenant !== null && !(await this.findOut(pooled, this.departures.begin(pooled, tenant)))) return false;
    closeBackend(pooled);
    if (next !== null) this.backends.add(next);
    return true;
  }

  private findOut(pooled: PooledBackend, departure: Departure): Promise<boolean> {
    return this.departures.findOut(pooled, departure, this.effects.current ?? 'hidden');
  }

  private becomeFree(pooled: PooledBackend, link: BackendLink): void {
    link.receive = () => true;
    link.onGone = () => undefined;
    if (pooled.state === 'resetting') pooled.state = 'free';
    this.moveBack(pooled);
    if (this.deps.gate.state !== 'open') closeBackend(pooled);
    this.pump();
  }

  private moveBack(pooled: PooledBackend): void {
    pooled.idleSinceMs = this.deps.clock.monotonicMs();
    if (this.backends.delete(pooled)) this.backends.add(pooled);
  }

  private gone(pooled: PooledBackend): void {
    if (!this.backends.delete(pooled)) return;
    this.deps.onGone();
    this.pump();
  }

  private sweep(): void {
    if (this.deps.gate.state !== 'open' || this.isClosed) return;
    const idleSinceMs = this.deps.clock.monotonicMs() - this.settings.idleMs;
    let tooMany = countUsed(this.backends) - this.settings.size;
    for (const pooled of [...this.backends]) {
      if (!isToBeHad(pooled) || (pooled.idleSinceMs > idleSinceMs && tooMany <= 0)) continue;
      if (pooled.tenant !== null && this.effects.current === null) continue;
      tooMany -= 1;
      void this.retire(pooled);
    }
  }

  private refusal(): DozeError {
    this.refusals += 1;
    return noneCameFree(this.deps.gate.name, this.settings, this.state.pinned);
  }
}
