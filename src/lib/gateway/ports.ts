import type { Route } from '../control/index.ts';
import type { AccountName, AccountSnapshot } from '../domain/index.ts';
import type { Endpoint } from '../drivers/index.ts';
import type { RoutineEffects } from '../engines/index.ts';

/**
 * What the gateway asks of the control plane, which may be a message away: an answer can be out of date when it is read.
 * Whoever acts on one looks at the gate once more.
 */
export interface GatewayHost {
  findRoute(computeId: string): Awaitable<Route | null>;
  findRouteByName(name: string, project: string | null): Awaitable<Route | null>;
  activeEndpoint(computeId: string): Awaitable<Endpoint | null>;
  wake(computeId: string, signal: AbortSignal): Promise<Endpoint>;
  whyWaiting(computeId: string): Awaitable<string | null>;
  admit(computeId: string, id: number, account?: AccountName | null): Awaitable<void>;
  leave(id: number): void;
  accounts(computeId: string): Awaitable<AccountSnapshot | null>;
  refreshAccounts(computeId: string): Promise<AccountSnapshot | null>;
  readRoutineEffects(computeId: string): Promise<RoutineEffects>;
}

type Awaitable<Value> = Value | Promise<Value>;
