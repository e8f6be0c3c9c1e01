import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { TokenBook } from '../../api/index.ts';
import type { Clock } from '../../clock.ts';
import { tokenStateOf, writeTokenSecret, type Role, type Token } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { TokenRecords } from '../../store/index.ts';

/**
 * The tokens of this home. The records are the truth; this agent is the only one that changes them, so that what is in
 * memory is the same, and a request costs one hash.
 *
 * | a token is     | it gets in                      | it is on record                 | if the agent dies here             |
 * | -------------- | ------------------------------- | ------------------------------- | ---------------------------------- |
 * | made           | once it is on record            | hash, and never the secret      | who asked has no secret: revoke it |
 * | valid          | yes                             | last use, once a minute at most | a minute of last use is lost       |
 * | expired        | no, and is told so              | for 30 days more                |                                    |
 * | revoked        | no; what it has open is ended   | before anybody hears of it      | its connections are gone with it   |
 */
export interface Tokens extends TokenBook {
  /** Oldest first; of every project and the host where none is given. */
  list(project: string | null): readonly Token[];
  /** @throws TOKEN_NOT_FOUND */
  get(id: string): Token;
  /** @throws NAME_IN_USE, STATE_CONFLICT when there are too many */
  create(request: NewToken): { readonly token: Token; readonly secret: string };
  /** @throws TOKEN_NOT_FOUND. One that is revoked already stays as it is. */
  revoke(id: string): Token;
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly project: string | null;
  /** Null is never. */
  readonly lifeMs: number | null;
  readonly createdBy: string;
}

interface Known {
  token: Token;
  readonly hash: Uint8Array;
  /** As it is on record. */
  writtenUseMs: number | null;
}

const SECRET_BYTES = 32;
const NO_HASH = Buffer.alloc(SECRET_BYTES);
const ID_LENGTH = 10;
const USE_INTERVAL_MS = 60_000;
const KEEP_ENDED_MS = 30 * 86_400_000;
/** Valid ones of one project, or of the host. */
const MAX_VALID = 200;

export function createTokens(records: TokenRecords, clock: Pick<Clock, 'wallMs'>): Tokens {
  const known = new Map<string, Known>();
  const listeners: ((id: string) => void)[] = [];
  for (const { token, hash } of records.listTokens()) {
    known.set(token.id, { token, hash, writtenUseMs: token.lastUsedAtMs });
  }

  function requireKnown(id: string): Known {
    const found = known.get(id);
    if (found !== undefined) return found;
    throw new DozeError('TOKEN_NOT_FOUND', `there is no token "${id}"`);
  }

  return {
    find(secret) {
      const hash = hashOf(secret);
      const found = known.get(idOf(hash));
      const isSame = timingSafeEqual(hash, found?.hash ?? NO_HASH);
      return found !== undefined && isSame
        ? { token: found.token, state: tokenStateOf(found.token, clock.wallMs()) }
        : null;
    },
    noteUse({ id }, from) {
      const found = known.get(id);
      if (found === undefined) return;
      const nowMs = clock.wallMs();
      found.token = { ...found.token, lastUsedAtMs: nowMs, lastUsedFrom: from };
      // A clock that was set back must not keep uses off the record for as long as it was.
      if (found.writtenUseMs !== null && Math.abs(nowMs - found.writtenUseMs) < USE_INTERVAL_MS) return;
      found.writtenUseMs = nowMs;
      records.useToken(id, nowMs, from);
    },
    isValid(id) {
      const found = known.get(id);
      return found !== undefined && tokenStateOf(found.token, clock.wallMs()) === 'valid';
    },
    onRevoked: (listener) => void listeners.push(listener),
    list: (project) =>
      [...known.values()].map(({ token }) => token).filter((token) => project === null || token.project === project),
    get: (id) => requireKnown(id).token,
    create(request) {
      const nowMs = clock.wallMs();
      for (const id of endedLongAgo(known.values(), nowMs)) {
        records.deleteToken(id);
        known.delete(id);
      }
      refuseTooMany(known.values(), request, nowMs);
      const { secret, hash, id } = newSecret((taken) => known.has(taken));
      const { lifeMs, ...facts } = request;
      const token: Token = {
        id,
        ...facts,
        createdAtMs: nowMs,
        expiresAtMs: lifeMs === null ? null : nowMs + lifeMs,
        revokedAtMs: null,
        lastUsedAtMs: null,
        lastUsedFrom: null,
      };
      records.putToken(token, hash);
      known.set(id, { token, hash, writtenUseMs: null });
      return { token, secret };
    },
    revoke(id) {
      const found = requireKnown(id);
      if (found.token.revokedAtMs !== null) return found.token;
      const revoked = { ...found.token, revokedAtMs: clock.wallMs() };
      records.putToken(revoked, found.hash);
      found.token = revoked;
      for (const listener of listeners) listener(id);
      return revoked;
    },
  };
}

function endedLongAgo(known: Iterable<Known>, nowMs: number): string[] {
  const tokens = [...known].map(({ token }) => token);
  return tokens
    .filter(({ revokedAtMs, expiresAtMs }) => (revokedAtMs ?? expiresAtMs ?? nowMs) <= nowMs - KEEP_ENDED_MS)
    .map(({ id }) => id);
}

/** @throws NAME_IN_USE, STATE_CONFLICT */
function refuseTooMany(known: Iterable<Known>, { name, project }: NewToken, nowMs: number): void {
  const tokens = [...known].map(({ token }) => token);
  const valid = tokens.filter((token) => token.project === project && tokenStateOf(token, nowMs) === 'valid');
  const same = valid.find((token) => token.name === name);
  const where = project === null ? 'of the host' : `of project "${project}"`;
  if (same !== undefined) {
    throw new DozeError('NAME_IN_USE', `there is a token "${name}" ${where} already`, {
      hint: `doze token revoke ${same.id}, or choose another name`,
    });
  }
  if (valid.length < MAX_VALID) return;
  throw new DozeError('STATE_CONFLICT', `there are ${MAX_VALID} valid tokens ${where}, and may be no more`, {
    hint: 'doze token list, then doze token revoke ID of those that nobody needs',
  });
}

function newSecret(isTaken: (id: string) => boolean): { secret: string; hash: Buffer; id: string } {
  for (;;) {
    const secret = writeTokenSecret(randomBytes(SECRET_BYTES));
    const hash = hashOf(secret);
    const id = idOf(hash);
    if (!isTaken(id)) return { secret, hash, id };
  }
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** A part of the hash: it finds the token, and says nothing of the secret, which nobody can guess to try. */
function idOf(hash: Buffer): string {
  return `t${hash.toString('hex').slice(0, ID_LENGTH)}`;
}
