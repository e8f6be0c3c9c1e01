import { isTokenSecret } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import { readSecret } from '../read-secret.ts';

export interface TokenSources {
  /** Of `--token-file`; `-` is stdin. */
  readonly file: string | undefined;
  /** DOZE_TOKEN. */
  readonly environment: string | undefined;
  /** Asks somebody; null where nobody can be asked. */
  readonly ask: (() => Promise<string>) | null;
}

export interface GivenToken {
  readonly secret: string;
  /** One that comes by the environment comes so again next time, and is not kept on the disk. */
  readonly isKept: boolean;
}

/** @throws USAGE, VALUE_INVALID */
export async function readToken({ file, environment, ask }: TokenSources): Promise<GivenToken> {
  const given = await take({ file, environment, ask });
  if (isTokenSecret(given.secret)) return given;
  // Never with what was given: it may be another secret.
  throw new DozeError('VALUE_INVALID', 'what was given is no token of doze', {
    hint: 'one begins with doze_ and has 69 characters: doze token create, on the machine of the agent',
  });
}

async function take({ file, environment, ask }: TokenSources): Promise<GivenToken> {
  if (file !== undefined) return { secret: await readSecret(file, 'the token'), isKept: true };
  if (environment !== undefined) return { secret: environment.trim(), isKept: false };
  if (ask !== null) return { secret: await ask(), isKept: true };
  throw new DozeError('USAGE', 'a context needs a token', {
    hint: 'give --token-file FILE, --token-file - to read stdin, or set DOZE_TOKEN',
  });
}
