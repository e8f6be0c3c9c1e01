import type { Admission } from './authenticate-client.ts';
import type { Destination } from './find-compute.ts';
import type { Greeted } from './greet.ts';
import type { LoginAttempt } from './throttle.ts';

/** A client that may go on to the server. */
export interface Arrival extends Destination {
  readonly attempt: LoginAttempt;
  readonly connectionId: number;
  readonly greeted: Greeted;
  readonly admission: Admission;
}
