import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Engine } from '../../engines/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { DriverHealth, Prepared, PrepareRequest, VerbContext } from '../driver.ts';
import { findServer, type ServerBinary } from './find-server.ts';
import { installHint, planInstall, readPlatformFacts } from './install.ts';
import { orNull } from './read-if-there.ts';
import { findServerUser } from './server-user.ts';
import { ensureTemplate } from './template.ts';

/** Where servers come from: the binary on this machine, and the template of data that it made. */
export interface ServerSource {
  probe(signal: AbortSignal): Promise<DriverHealth>;
  prepare(request: PrepareRequest, context: VerbContext): Promise<Prepared>;
  /** @throws SERVER_BINARY_MISSING */
  require(signal: AbortSignal): Promise<ServerBinary>;
  /** Path of an initialised data directory. @throws SERVER_BINARY_MISSING, SERVER_START_FAILED */
  template(context: VerbContext): Promise<string>;
}

export interface ServerSourceOptions {
  readonly engine: Engine;
  readonly home: string;
  readonly serverBinary: string | null;
  readonly searchPath: string;
  readonly serverUser: string;
}

export function createServerSource(options: ServerSourceOptions): ServerSource {
  const { engine, home, serverBinary, searchPath } = options;
  let known: ServerBinary | null = null;

  /** Asking a server for its version costs what a tenth of a wake costs, so only a changed file is asked again. */
  const find = async (signal: AbortSignal): Promise<ServerBinary | null> => {
    const modifiedAtMs = known === null ? undefined : (await orNull(stat(known.path)))?.mtimeMs;
    if (known !== null && modifiedAtMs !== undefined && Math.round(modifiedAtMs) === known.modifiedAtMs) return known;
    known = await findServer({ serverPath: serverBinary, searchPath, names: engine.serverBinaries }, signal);
    return known;
  };

  const requireServer = async (signal: AbortSignal): Promise<ServerBinary> => {
    const found = await find(signal);
    if (found !== null) return found;
    const { message, hint } = await describeMissing(serverBinary, searchPath);
    throw new DozeError('SERVER_BINARY_MISSING', message, { hint });
  };

  /** One builder at a time: who comes second finds the template made. */
  let building: Promise<string> | null = null;
  const template = async (context: VerbContext): Promise<string> => {
    const binary = await requireServer(context.signal);
    const user = await findServerUser(options.serverUser, home);
    while (building !== null) await building.catch(() => undefined);
    building = ensureTemplate({ home, binary, script: engine.templateScript, user }, context);
    try {
      return await building;
    } finally {
      building = null;
    }
  };

  return {
    require: requireServer,
    template,
    async probe(signal) {
      const found = await find(signal);
      if (found === null) {
        const { message, hint } = await describeMissing(serverBinary, searchPath);
        return {
          isUsable: false,
          summary: message,
          problem: { code: 'SERVER_BINARY_MISSING', message, hint },
          hibernation: null,
        };
      }
      const user = await findServerUser(options.serverUser, home);
      const asWhom = user !== null ? ` (run as ${user.name})` : process.getuid?.() === 0 ? ' (run as root)' : '';
      return {
        isUsable: true,
        summary: `MariaDB ${found.version} at ${found.path}${asWhom}`,
        problem: null,
        hibernation: null,
      };
    },
    async prepare(request, context) {
      const binary = await requireServer(context.signal);
      requireVersion(request.version, binary);
      const path = await template(context);
      return { image: null, version: binary.line, recipe: basename(path) };
    },
  };
}

function requireVersion(asked: string | null, binary: ServerBinary): void {
  if (asked === null || asked === binary.line || asked === binary.version) return;
  throw new DozeError(
    'ENGINE_VERSION_UNKNOWN',
    `MariaDB ${asked} is not installed here: ${binary.path} is ${binary.version}`,
    {
      hint: `ask for ${binary.line}, or use the docker driver, which can run any version`,
    },
  );
}

async function describeMissing(
  serverPath: string | null,
  searchPath: string,
): Promise<{ message: string; hint: string }> {
  const plan = planInstall(await readPlatformFacts(searchPath));
  return {
    message:
      serverPath === null
        ? 'no MariaDB server is installed on this machine'
        : `there is no MariaDB server at ${serverPath}`,
    hint: installHint(plan),
  };
}
