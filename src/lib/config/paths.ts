import { join, resolve } from 'node:path';

/** Everything doze keeps; all of it below `home`, but for the socket of a home with a long path. */
export interface DozePaths {
  readonly home: string;
  readonly database: string;
  readonly socket: string;
  /** Whose lock says that an agent owns this home; always empty. */
  readonly lockFile: string;
  /** Which agent that is. */
  readonly ownerFile: string;
  readonly logFile: string;
  readonly configFile: string;
  /** Agents on other machines, with tokens. */
  readonly contextsFile: string;
  /** What the gateway shows to its clients over TLS, unless another one is set. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Data of computes on the process driver. */
  readonly computes: string;
  /** Initialised data directories that new computes are copied from. */
  readonly templates: string;
}

export interface Place {
  readonly platform: NodeJS.Platform;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  /** From the environment; empty counts as not set. */
  readonly dozeHome?: string | undefined;
  readonly xdgDataHome?: string | undefined;
}

/** Longest path a Unix socket can have: `sun_path` without its final zero. */
const SOCKET_PATH_LIMIT = { darwin: 103, other: 107 } as const;

export function resolvePaths(place: Place): DozePaths {
  const home = homeOf(place);
  return {
    home,
    database: join(home, 'doze.db'),
    socket: socketOf(home, place.platform),
    lockFile: join(home, 'agent.lock'),
    ownerFile: join(home, 'agent.json'),
    logFile: join(home, 'agent.log'),
    configFile: join(home, 'config.json'),
    contextsFile: join(home, 'contexts.json'),
    certificateFile: join(home, 'tls-cert.pem'),
    keyFile: join(home, 'tls-key.pem'),
    computes: join(home, 'computes'),
    templates: join(home, 'templates'),
  };
}

function homeOf({ platform, homeDirectory, workingDirectory, dozeHome, xdgDataHome }: Place): string {
  if (isSet(dozeHome)) return resolve(workingDirectory, dozeHome);
  // The XDG specification has relative paths ignored.
  if (isSet(xdgDataHome) && xdgDataHome.startsWith('/')) return join(xdgDataHome, 'doze');
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'doze');
  return join(homeDirectory, '.local', 'share', 'doze');
}

/** `/tmp` and not TMPDIR: two shells with different TMPDIRs have to meet at the same socket. */
function socketOf(home: string, platform: NodeJS.Platform): string {
  const inHome = join(home, 'agent.sock');
  const limit = platform === 'darwin' ? SOCKET_PATH_LIMIT.darwin : SOCKET_PATH_LIMIT.other;
  if (Buffer.byteLength(inHome) <= limit) return inHome;
  // Imported by name the module would load all of its parts, which takes longer than `doze --help` does.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 16);
  return `/tmp/doze-${digest}/agent.sock`;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
