import { isoTime, type AgentServices, type AuditView, type Caller, type TokenView } from '../../api/index.ts';
import { coversToken, parseName, tokenStateOf, type StoredAuditEntry, type Token } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { AgentCore } from '../running.ts';

const DEFAULT_LIFE_MS = 90 * 86_400_000;

/** Tokens, as their administrators see them. */
export function createTokenServices({ tokens, clock, store, version }: AgentCore): AgentServices['tokens'] {
  const view = (token: Token): TokenView => tokenView(token, clock.wallMs());
  return {
    async self(caller) {
      const token = caller.kind === 'token' ? view(caller.token) : null;
      return Promise.resolve({ token, agent: { version, homeId: store.homeId } });
    },
    list: async (project) => Promise.resolve(tokens.list(project).map(view)),
    show: async (id) => Promise.resolve(view(tokens.get(id))),
    async create({ name, role, project, expiresInSeconds }, caller) {
      refuseMoreRights(caller, { role, project });
      const { token, secret } = tokens.create({
        name: parseName(name, 'token'),
        role,
        project: project === null ? null : parseName(project, 'project'),
        lifeMs: lifeMsOf(expiresInSeconds),
        createdBy: caller.kind === 'local' ? caller.who : caller.token.name,
      });
      return Promise.resolve({ ...view(token), token: secret });
    },
    revoke: async (id) => Promise.resolve(view(tokens.revoke(id))),
  };
}

/** Who did what. */
export function createAuditServices({ store }: AgentCore): AgentServices['audit'] {
  return {
    list: async ({ project, tokenId, isFailed, afterSeq, limit }) => {
      const filter = {
        isFailed,
        limit,
        ...(project === null ? {} : { project }),
        ...(tokenId === null ? {} : { tokenId }),
        ...(afterSeq === null ? {} : { afterSeq }),
      };
      return Promise.resolve(store.listAudit(filter).map(auditView));
    },
  };
}

function lifeMsOf(seconds: number | null | undefined): number | null {
  if (seconds === undefined) return DEFAULT_LIFE_MS;
  return seconds === null ? null : seconds * 1000;
}

/** A token of a project hears nothing of others, not even whether they exist. @throws PROJECT_NOT_FOUND, NOT_ALLOWED */
function refuseMoreRights(caller: Caller, wanted: Pick<Token, 'role' | 'project'>): void {
  if (caller.kind === 'local' || coversToken(caller.token, wanted)) return;
  const { name, role, project } = caller.token;
  if (project !== null && wanted.project !== null && wanted.project !== project) {
    throw new DozeError('PROJECT_NOT_FOUND', `there is no project "${wanted.project}"`, {
      hint: `--project ${project} (the only one of this token)`,
    });
  }
  const whose = project === null ? 'the host' : `project "${project}"`;
  throw new DozeError('NOT_ALLOWED', `the token "${name}" makes tokens for ${whose} of the role "${role}" at most`);
}

function tokenView(token: Token, nowMs: number): TokenView {
  const { id, name, role, project, createdAtMs, createdBy, expiresAtMs, revokedAtMs, lastUsedAtMs } = token;
  return {
    id,
    name,
    role,
    project,
    state: tokenStateOf(token, nowMs),
    createdAt: isoTime(createdAtMs),
    createdBy,
    expiresAt: timeOrNull(expiresAtMs),
    revokedAt: timeOrNull(revokedAtMs),
    lastUsedAt: timeOrNull(lastUsedAtMs),
    lastUsedFrom: token.lastUsedFrom,
  };
}

function auditView({ atMs, ...entry }: StoredAuditEntry): AuditView {
  return { ...entry, at: isoTime(atMs) };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
