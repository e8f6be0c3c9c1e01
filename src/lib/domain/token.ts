/** What a token may do; each role may do what those before it may. */
export const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What is kept of a token: everything but its secret. */
export interface Token {
  readonly id: string;
  /** No other token that is valid has it in its project, or among those of the host. */
  readonly name: string;
  readonly role: Role;
  /** The only one that it sees; null is the whole host. */
  readonly project: string | null;
  readonly createdAtMs: number;
  /** Who asked for it: `uid 1000`, or the name of a token. */
  readonly createdBy: string;
  /** Null is never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** To the minute. */
  readonly lastUsedAtMs: number | null;
  /** The address that it was used from then. */
  readonly lastUsedFrom: string | null;
}

export type TokenState = 'valid' | 'expired' | 'revoked';

export function tokenStateOf({ revokedAtMs, expiresAtMs }: Token, nowMs: number): TokenState {
  if (revokedAtMs !== null) return 'revoked';
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'valid';
}

export function coversRole(has: Role, needed: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needed);
}

/** Whether whoever has `maker` may make a token like `wanted`: one of no more rights than its own. */
export function coversToken(maker: Pick<Token, 'role' | 'project'>, wanted: Pick<Token, 'role' | 'project'>): boolean {
  return coversRole(maker.role, wanted.role) && (maker.project === null || maker.project === wanted.project);
}

const SECRET = /^doze_[0-9a-f]{64}$/;

/** The prefix is for programs that look for secrets in places where none should be. */
export function writeTokenSecret(bytes: Buffer): string {
  return `doze_${bytes.toString('hex')}`;
}

/** Whether it has the form of a token's secret: `doze_` and 256 bits in hexadecimal. */
export function isTokenSecret(text: string): boolean {
  return SECRET.test(text);
}
