import type { Clock } from '../../clock.ts';
import type { RoutineEffects } from '../../engines/index.ts';

/** After which it is read again: somebody may have made a routine behind the gateway's back. */
const MAX_AGE_MS = 30_000;

/** What routines, triggers and views may do to the session that uses them, as last read. */
export class KnownEffects {
  private readonly clock: Clock;
  private readonly read: () => Promise<RoutineEffects>;
  private readonly onRead: () => void;
  private effects: RoutineEffects | null = null;
  private readAtMs = 0;
  private isReading = false;
  /** How often it was forgotten: what was read in between is of no use. */
  private forgets = 0;

  constructor(clock: Clock, read: () => Promise<RoutineEffects>, onRead: () => void) {
    this.clock = clock;
    this.read = read;
    this.onRead = onRead;
  }

  /** Null while it is not known; then it is asked for, and told to `onRead`. An old answer is good until there is a new one. */
  get current(): RoutineEffects | null {
    const isOld = this.effects === null || this.clock.monotonicMs() - this.readAtMs >= MAX_AGE_MS;
    if (isOld && !this.isReading) void this.refresh();
    return this.effects;
  }

  forget(): void {
    this.effects = null;
    this.forgets += 1;
  }

  private async refresh(): Promise<void> {
    this.isReading = true;
    const { forgets } = this;
    // What cannot be found out is taken for the worst.
    const effects = await this.read().catch((): RoutineEffects => 'hidden');
    this.isReading = false;
    if (forgets === this.forgets) {
      this.effects = effects;
      this.readAtMs = this.clock.monotonicMs();
    }
    this.onRead();
  }
}
