import type { ApiClient, CallOptions, TokenView } from '../api/client/index.ts';
import { suggest } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/**
 * By its id, or the name that no other one has which is still valid.
 * @throws TOKEN_NOT_FOUND, USAGE when several have the name
 */
export async function findToken(
  api: ApiClient,
  typed: string,
  project: string | null,
  call: CallOptions,
): Promise<TokenView> {
  const tokens = await api.access.tokens.list(project === null ? {} : { project }, call);
  const byId = tokens.find(({ id }) => id === typed);
  if (byId !== undefined) return byId;
  const named = tokens.filter(({ name }) => name === typed);
  const valid = named.filter(({ state }) => state === 'valid');
  const [found, second] = valid.length > 0 ? valid : named.slice(-1);
  if (found !== undefined && second === undefined) return found;
  if (found !== undefined) {
    const list = valid.map((token) => `${token.id} (${token.project ?? 'the host'})`).join(', ');
    throw new DozeError('USAGE', `several tokens are called "${typed}": ${list}`, {
      hint: 'give the id, or --project',
    });
  }
  const near = suggest(
    typed,
    tokens.map(({ name }) => name),
  );
  throw new DozeError(
    'TOKEN_NOT_FOUND',
    `there is no token "${typed}"${near === null ? '' : `; did you mean "${near}"?`}`,
  );
}
