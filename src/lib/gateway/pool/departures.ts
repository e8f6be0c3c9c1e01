import type { RoutineEffects } from '../../engines/index.ts';
import { toDozeError } from '../../errors/index.ts';
import { sentOn, type BackendLink } from '../backend-link.ts';
import type { Carry } from '../parking/carry.ts';
import { sessionClosed } from '../refusal.ts';
import type { Place } from './place-request.ts';
import type { PooledBackend } from './pooled-backend.ts';
import { glance } from './take-over.ts';
import type { Tenant } from './tenant.ts';

/** A session whose connection was taken away, until it is known what it had. */
export interface Departure {
  readonly tenant: Tenant;
  readonly link: BackendLink;
}

interface Pending {
  isAsked: boolean;
  readonly resolve: (place: Place | null) => void;
  readonly outcome: Promise<Place | null>;
}

/** Sessions that are made to leave their connections. */
export class Departures {
  private readonly pending = new Map<Carry, Pending>();

  /** What becomes of a session that leaves and wants a connection again: its own if it stays, null if it left. */
  async outcomeOf(carry: Carry): Promise<Place | null> {
    const pending = this.pending.get(carry);
    if (pending === undefined) return null;
    pending.isAsked = true;
    return await pending.outcome;
  }

  /** From here on its commands wait. */
  begin(pooled: PooledBackend, tenant: Tenant): Departure {
    const link = tenant.detach();
    pooled.tenant = null;
    pooled.state = 'resetting';
    const { promise, resolve } = Promise.withResolvers<Place | null>();
    this.pending.set(tenant.carry, { isAsked: false, resolve, outcome: promise });
    return { tenant, link };
  }

  /** Finds out what it had. @returns whether it has left and the connection is of use */
  async findOut(pooled: PooledBackend, departure: Departure, effects: RoutineEffects): Promise<boolean> {
    const { tenant, link } = departure;
    const { carry, capabilities } = tenant;
    try {
      if (carry.isPlain && effects === 'none') await glance(link, tenant);
      else if (carry.isUnknown) await carry.look(link, capabilities, sentOn(link));
    } catch (error) {
      link.socket.destroy();
      this.lost(departure, error);
      return false;
    }
    if (carry.pin === null || tenant.hasEnded) {
      this.left(pooled, departure);
      return true;
    }
    this.stays(pooled, departure);
    return false;
  }

  left(pooled: PooledBackend, { tenant }: Departure): void {
    const { hasDatabase } = tenant.carry.carried;
    pooled.hasDatabase = tenant.hasEnded || (hasDatabase ?? pooled.hasDatabase);
    pooled.isDefault &&= hasDatabase === null;
    tenant.left();
    this.finish(tenant, null);
  }

  lost({ tenant }: Departure, error: unknown): void {
    tenant.end(sessionClosed(`its connection to the server was lost (${toDozeError(error).message}); connect again`));
    this.finish(tenant, null);
  }

  private stays(pooled: PooledBackend, { tenant, link }: Departure): void {
    const { login } = pooled;
    pooled.tenant = tenant;
    pooled.state = 'taken';
    const isAsked = this.pending.get(tenant.carry)?.isAsked === true && login !== null;
    tenant.stays(isAsked ? null : link);
    this.finish(tenant, isAsked ? { pooled, backend: login, payload: Buffer.alloc(0) } : null);
  }

  private finish({ carry }: Tenant, place: Place | null): void {
    const pending = this.pending.get(carry);
    this.pending.delete(carry);
    pending?.resolve(place);
  }
}
