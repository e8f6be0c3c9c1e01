/** What every error code means at the three edges: command line, HTTP, MySQL. */
export interface CatalogueEntry {
  /** Who has to act: the person typing, the machine's owner, or us. */
  readonly kind: 'user' | 'environment' | 'bug';
  /** The CLI's exit code: 1 failed, 2 usage, 3 not found, 4 not allowed, 5 not possible in this state,
   * 6 quota, 7 timed out, 8 environment, 130 interrupted. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 130;
  readonly http: number;
  /** What a client of the gateway sees. Numbers as in the MariaDB error code reference. */
  readonly mysql: { readonly errno: number; readonly sqlState: string };
  /** Whether the same request may succeed later with nothing changed by hand. */
  readonly retryable: boolean;
  readonly hint?: string;
}

const UNKNOWN = { errno: 1105, sqlState: 'HY000' } as const;
const OUT_OF_RESOURCES = { errno: 1041, sqlState: 'HY000' } as const;
const QUOTA = { errno: 1226, sqlState: '42000' } as const;
const SESSION_KILLED = { errno: 1927, sqlState: '70100' } as const;
const ACCESS_DENIED = { errno: 1045, sqlState: '28000' } as const;

function user(exit: CatalogueEntry['exit'], http: number, hint?: string): CatalogueEntry {
  return { kind: 'user', exit, http, mysql: UNKNOWN, retryable: false, ...(hint === undefined ? {} : { hint }) };
}

function environment(hint?: string, retryable = false): CatalogueEntry {
  return {
    kind: 'environment',
    exit: 8,
    http: 503,
    mysql: UNKNOWN,
    retryable,
    ...(hint === undefined ? {} : { hint }),
  };
}

const entries = {
  // What was asked for is not well formed.
  USAGE: user(2, 400, 'doze --help'),
  NAME_INVALID: user(2, 400),
  SIZE_INVALID: user(2, 400),
  DURATION_INVALID: user(2, 400),
  DEPTH_INVALID: user(2, 400),
  LADDER_INVALID: user(2, 400),
  TIME_INVALID: user(2, 400),
  VALUE_INVALID: user(2, 400),
  ENGINE_UNKNOWN: user(2, 400),
  ENGINE_VERSION_UNKNOWN: user(2, 400),
  CONFIRMATION_NEEDED: user(2, 400),
  CONFIG_INVALID: user(2, 400, 'doze config path'),
  STORAGE_INVALID: user(2, 400, 'doze storage add --help'),
  STORAGE_MISTAKEN: user(2, 400, 'doze storage add --help'),
  REQUEST_INVALID: user(2, 400, 'doze --help'),
  /** What of a request of the API the server itself turns away. */
  METHOD_NOT_ALLOWED: user(2, 405, 'doze api spec'),
  URI_TOO_LONG: user(2, 414, 'doze api spec'),
  BODY_TOO_LARGE: user(2, 413, 'doze api spec'),
  MEDIA_TYPE_UNSUPPORTED: user(2, 415, 'send the body as application/json'),
  HEADERS_TOO_LARGE: user(2, 431, 'send fewer or shorter headers'),
  REQUEST_TIMED_OUT: { ...user(7, 408, 'send the whole request at once'), retryable: true },

  // What was asked for is not there, or not in a state to do it.
  COMPUTE_NOT_FOUND: user(3, 404, 'doze compute list'),
  NOTHING_TO_RESTORE: user(3, 404, 'doze compute list --destroyed'),
  SESSION_NOT_FOUND: user(3, 404, 'doze session list --all'),
  SNAPSHOT_NOT_FOUND: user(3, 404, 'doze compute snapshot list NAME'),
  CLONE_UNSUPPORTED: user(5, 409, 'doze storage snapshot list NAME'),
  IMAGE_NOT_FOUND: user(3, 404, 'doze image list'),
  SETTING_UNKNOWN: user(3, 404, 'doze config list'),
  ROUTE_NOT_FOUND: user(3, 404),
  RATE_NOT_FOUND: user(3, 404, 'doze rate list'),
  /** Prices of two currencies in one month. */
  RATES_CONFLICT: user(5, 409, 'doze rate list'),
  OPERATION_NOT_FOUND: user(3, 404, 'doze compute list'),
  OPERATION_LOST: user(5, 410, 'doze compute list'),
  /** The thing has changed since it was read, or is there where it was not to be. */
  PRECONDITION_FAILED: user(5, 412, 'read it again, and decide anew'),
  IDEMPOTENCY_KEY_REUSED: user(5, 422, 'take a new key for another request'),
  NAME_IN_USE: user(5, 409, 'doze compute list'),
  STATE_CONFLICT: user(5, 409),
  DEPTH_UNSUPPORTED: user(5, 409, 'doze doctor'),
  SETTING_FIXED: user(5, 409),
  RESIZE_REFUSED: { ...user(5, 409, 'doze compute list'), retryable: true },
  /** Larger than all that the host may give: it would wait for ever. */
  HOST_TOO_SMALL: { ...user(6, 409, 'doze config get hostCu'), mysql: OUT_OF_RESOURCES },
  /** 1205 is what clients repeat: there is room as soon as something falls asleep. */
  HOST_FULL: {
    ...environment('doze compute list', true),
    exit: 7,
    mysql: { errno: 1205, sqlState: 'HY000' },
  },
  COMPUTE_BUSY: { ...user(5, 409), retryable: true },
  /** It is being destroyed with its data, as was agreed when it was made. */
  LEASE_OVER: { ...user(5, 409, 'doze compute start NAME --ephemeral'), mysql: SESSION_KILLED },

  // Who may do what through the API from elsewhere, and whom the command line talks to.
  TOKEN_REFUSED: user(4, 401, 'doze context show'),
  NOT_ALLOWED: user(4, 403, 'doze context show'),
  TOKEN_NOT_FOUND: user(3, 404, 'doze token list'),
  RATE_LIMITED: { ...user(1, 429), retryable: true },
  CONTEXT_NOT_FOUND: user(3, 404, 'doze context list'),
  /** A command about the machine that it is typed on, with a context elsewhere. */
  LOCAL_ONLY: user(2, 400),
  CERTIFICATE_UNTRUSTED: user(4, 403),
  CERTIFICATE_CHANGED: user(4, 403),

  // Clients of the gateway.
  ACCESS_DENIED: { ...user(4, 403), mysql: ACCESS_DENIED },
  /** As a server answers a host with too many failures. */
  LOGIN_BLOCKED: { ...user(1, 429), mysql: { errno: 1129, sqlState: 'HY000' }, retryable: true },
  /** After the right password only, as a server has it. */
  ACCOUNT_LOCKED: { ...user(4, 403), mysql: { errno: 4151, sqlState: 'HY000' } },
  /** As a server answers that requires secure transport. */
  TLS_REQUIRED: { ...user(4, 403), mysql: { errno: 3159, sqlState: 'HY000' } },
  TOO_MANY_WAITERS: { ...user(1, 503), mysql: { errno: 1040, sqlState: '08004' }, retryable: true },
  TOO_MANY_CONNECTIONS: { ...user(1, 503), mysql: { errno: 1040, sqlState: '08004' }, retryable: true },
  TOO_MANY_SESSIONS: { ...user(6, 409), mysql: { errno: 1040, sqlState: '08004' }, retryable: true },
  /** The two that a server has for an account with too many connections: its own limit, and that of each. */
  ACCOUNT_LIMIT_REACHED: { ...user(6, 409), mysql: QUOTA, retryable: true },
  TOO_MANY_USER_CONNECTIONS: { ...user(6, 409), mysql: { errno: 1203, sqlState: '42000' }, retryable: true },
  PROJECT_NOT_FOUND: user(3, 404, 'doze project list'),
  PROJECT_NOT_EMPTY: user(5, 409, 'doze compute list'),
  /** As a server tells an account that has used up a resource: until somebody gives something back, or the month ends. */
  QUOTA_EXCEEDED: { ...user(6, 409, 'doze project show NAME'), mysql: QUOTA },
  /** There is some again as soon as something falls asleep, or a minute has passed. */
  QUOTA_IN_USE: { ...user(6, 409, 'doze project show NAME'), mysql: QUOTA, retryable: true },
  PROJECT_SESSIONS_EXCEEDED: {
    ...user(6, 409, 'doze config get maxProjectSessions'),
    mysql: QUOTA,
    retryable: true,
  },
  /** As MySQL tells a client of its wait_timeout: drivers and frameworks know it and connect again. */
  SESSION_IDLE: { ...user(1, 409), mysql: { errno: 4031, sqlState: 'HY000' }, retryable: true },
  PROTOCOL_ERROR: { ...user(1, 400), mysql: { errno: 1835, sqlState: 'HY000' } },
  UNKNOWN_COMMAND: { ...user(1, 400), mysql: { errno: 1047, sqlState: '08S01' } },
  SESSION_CLOSED: { ...user(1, 409), mysql: SESSION_KILLED, retryable: true },
  /** The server refused a statement; its own errno and SQLSTATE are in the details. */
  SQL_FAILED: user(1, 400),
  /** Another server answers where a compute's own should. */
  SERVER_UNVERIFIED: { ...environment(), exit: 1, mysql: { errno: 2026, sqlState: 'HY000' } },
  BACKEND_LOST: { ...environment(undefined, true), exit: 1, mysql: { errno: 2013, sqlState: 'HY000' } },

  // Time.
  TIMED_OUT: { ...environment('doze agent logs', true), exit: 7, http: 504 },
  WAKE_TIMED_OUT: {
    ...environment('doze agent logs', true),
    exit: 7,
    http: 504,
    mysql: { errno: 1205, sqlState: 'HY000' },
  },
  INTERRUPTED: user(130, 499),

  // The machine.
  DOCKER_UNAVAILABLE: environment('doze doctor', true),
  DOCKER_FORBIDDEN: environment('doze doctor'),
  DOCKER_FAILED: environment('doze doctor', true),
  IMAGE_UNAVAILABLE: environment('doze image build mariadb'),
  IMAGE_BUILD_FAILED: environment('doze doctor'),
  SERVER_BINARY_MISSING: environment('doze doctor'),
  NO_DRIVER: environment('doze doctor'),
  PORTS_TAKEN: environment('doze config set gatewayPorts FROM-TO'),
  DISK_FULL: { ...environment('doze doctor'), mysql: { errno: 1021, sqlState: 'HY000' } },
  INSTALL_FAILED: environment('doze doctor'),
  CLIENT_MISSING: environment(),
  SERVER_START_FAILED: { ...environment('doze agent logs', true), exit: 1, mysql: { errno: 1053, sqlState: '08S01' } },
  SERVER_CRASHED: { ...environment(undefined, true), exit: 1, mysql: { errno: 1053, sqlState: '08S01' } },
  INSTANCE_LOST: { ...environment(undefined, true), exit: 1, mysql: { errno: 1053, sqlState: '08S01' } },
  SNAPSHOT_LOST: { ...environment('doze compute snapshot list NAME'), exit: 1 },
  AGENT_UNREACHABLE: environment('doze agent status', true),
  AGENT_START_FAILED: environment('doze agent logs'),
  AGENT_ALREADY_RUNNING: { ...environment('doze agent status'), exit: 5, http: 409 },
  AGENT_VERSION_MISMATCH: environment('doze agent stop'),
  NOT_READY: environment('doze doctor', true),
  AGENT_STOPPING: { ...environment('doze agent status', true), mysql: { errno: 1053, sqlState: '08S01' } },
  STORAGE_NOT_FOUND: user(3, 404, 'doze storage list'),
  STORAGE_SNAPSHOT_NOT_FOUND: user(3, 404, 'doze storage list'),
  STORAGE_NO_SNAPSHOTS: user(5, 409, 'doze storage list'),
  STORAGE_IN_USE: user(5, 409, 'doze compute list'),
  /** 1205 is what clients repeat: the tier may be back in a moment. */
  STORAGE_UNAVAILABLE: {
    ...environment('doze storage status', true),
    mysql: { errno: 1205, sqlState: 'HY000' },
  },
  /** One of the gateway's, with the sessions that it had. */
  THREAD_LOST: { ...environment('doze agent logs', true), mysql: { errno: 1053, sqlState: '08S01' } },
  /** The receiver said no: the same would be refused again. */
  PUSH_REFUSED: { ...environment('doze usage push --help'), exit: 1, http: 502 },
  PUSH_FAILED: { ...environment(undefined, true), exit: 1, http: 502 },
  HOME_UNUSABLE: environment(),
  OUTPUT_FAILED: environment(),
  STORE_NEWER: environment(),
  STORE_DAMAGED: environment('doze config path'),
  STORE_BUSY: environment('doze agent status', true),
  STORE_UNUSABLE: environment('doze doctor'),

  // Us.
  DEMO_FAILED: { kind: 'bug', exit: 1, http: 500, mysql: UNKNOWN, retryable: false, hint: 'doze agent logs' },
  INTERNAL: { kind: 'bug', exit: 1, http: 500, mysql: UNKNOWN, retryable: false, hint: 'doze agent logs' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof entries;

export const catalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = entries;
