import type { Arrival } from './arrival.ts';
import type { EarlyAnswers } from './asleep/early-answers.ts';
import type { BackendLink } from './backend-link.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Core } from './core.ts';
import type { Kill } from './inspect-command.ts';
import { NOT_HERE, type KillOutcome } from './kill-request.ts';
import { endParked, findOwnParked } from './kill.ts';
import type { Carry } from './parking/carry.ts';
import { reconnect } from './parking/reconnect.ts';
import type { Tenancy } from './pool/tenancy.ts';
import type { SessionTies } from './session-parts.ts';
import { wakeForSessions } from './wake.ts';

interface Belongings {
  readonly carry: Carry;
  readonly tenancy: Tenancy | null;
  readonly early: EarlyAnswers | null;
}

/** A class, as there may be thousands of sessions: a function for each tie of each takes three times as much. */
export class GatewayTies implements SessionTies {
  private readonly core: Core;
  private readonly connection: ClientConnection;
  private readonly arrival: Arrival;
  private readonly belongings: Belongings;

  constructor(core: Core, connection: ClientConnection, arrival: Arrival, belongings: Belongings) {
    this.core = core;
    this.connection = connection;
    this.arrival = arrival;
    this.belongings = belongings;
  }

  get userSuffix(): string {
    return this.arrival.userSuffix;
  }

  requestWake(): void {
    wakeForSessions(this.core, this.arrival.gate);
  }

  backendIdOf(id: number): number | null {
    return this.core.ids.backendIdOf(id, this.arrival.gate.computeId);
  }

  isOwnParked(id: number): boolean {
    return findOwnParked(this.arrival.gate, this.arrival.user, id) !== undefined;
  }

  endParked(id: number): void {
    endParked(this.arrival.gate, this.arrival.user, id);
  }

  isElsewhere(id: number): boolean {
    return this.core.neighbours?.has(id) ?? false;
  }

  async killElsewhere(kill: Kill): Promise<KillOutcome> {
    return (await this.core.neighbours?.kill({ ...kill, ...ownerOf(this.arrival) })) ?? NOT_HERE;
  }

  reconnect(signal: AbortSignal): Promise<BackendLink> {
    const { carry, tenancy, early } = this.belongings;
    return tenancy?.comeBack(signal) ?? reconnect(this.core, this.connection, this.arrival, { carry, early }, signal);
  }

  noteParked(): void {
    this.core.ids.bind(this.arrival.connectionId, ownerOf(this.arrival), null);
    this.arrival.gate.turns.noteFreed();
  }

  noteEnd(): void {
    const { connectionId, gate } = this.arrival;
    this.core.host?.leave(connectionId);
    this.core.ids.release(connectionId);
    gate.turns.noteFreed();
  }
}

/** Whose the session's ids are. */
export function ownerOf({ gate, user }: Arrival): { readonly computeId: string; readonly user: string } {
  return { computeId: gate.computeId, user };
}
