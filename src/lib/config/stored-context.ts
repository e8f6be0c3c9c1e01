import type { Role } from '../domain/index.ts';

/** An agent on another machine, and what is needed to talk to it. */
export interface StoredContext {
  /** `https://db.example:7443`, nothing after it. */
  readonly url: string;
  /** Of the key that is trusted; null leaves it to the certificate authorities of this machine. */
  readonly fingerprint: string | null;
  /** Null when it comes from DOZE_TOKEN each time. */
  readonly token: string | null;
  /** As the agent said of the token when it was added; null is the whole host. */
  readonly project: string | null;
  readonly role: Role;
  readonly tokenName: string;
  readonly addedAt: string;
}
