import { createApiClient, createRemoteLink, type ApiClient } from '../../api/client/remote.ts';
import type { Environment, NamedContext } from '../../config/index.ts';
import { isTokenSecret } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';

/** The API of an agent on another machine. @throws TOKEN_REFUSED when there is no token to show */
export function connectRemote(context: NamedContext, environment: Environment, version: string): ApiClient {
  const { name, url, fingerprint } = context;
  return createApiClient({
    link: createRemoteLink({ name, url, fingerprint, token: tokenFor(context, environment) }),
    version,
  });
}

/** DOZE_TOKEN wins over the one that is stored. */
function tokenFor({ name, url, token }: NamedContext, { doze }: Environment): string {
  const given = doze['DOZE_TOKEN']?.trim() ?? token;
  if (given === null) {
    throw new DozeError('TOKEN_REFUSED', `no token is kept for context "${name}", and DOZE_TOKEN is not set`, {
      hint: `set DOZE_TOKEN, or: doze context add ${name} ${url}`,
    });
  }
  if (isTokenSecret(given)) return given;
  throw new DozeError('TOKEN_REFUSED', 'what is in DOZE_TOKEN is no token of doze', {
    hint: 'one begins with doze_ and has 69 characters: doze token create, on the machine of the agent',
  });
}
