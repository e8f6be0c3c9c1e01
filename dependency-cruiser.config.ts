import type { IConfiguration } from 'dependency-cruiser';

/**
 * The rooms of src/lib and who may import whom: downwards only, peers never, through the door.
 * test/unit/import-rules.test.ts plants one violation of every rule and fails when one goes unreported.
 */

/** What each room may import besides itself. A room that is not here may import nothing. */
const FOUNDATION = ['errors', 'clock', 'logger'];
const LOWER = [...FOUNDATION, 'domain'];
const MIDDLE = [...LOWER, 'config', 'mysql', 'sql', 'store', 'engines', 'storage', 'x509'];
const UPPER = [...MIDDLE, 'drivers'];
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  clock: ['errors'],
  logger: ['errors', 'clock'],
  domain: FOUNDATION,
  config: LOWER,
  mysql: LOWER,
  sql: LOWER,
  store: LOWER,
  storage: LOWER,
  x509: [],
  engines: [...LOWER, 'mysql', 'sql'],
  drivers: MIDDLE,
  control: UPPER,
  metering: UPPER,
  gateway: [...UPPER, 'control', 'metering'],
  api: [...UPPER, 'control', 'metering', 'gateway'],
  agent: [...UPPER, 'control', 'metering', 'gateway', 'api'],
  cli: [...LOWER, 'config', 'sql', 'api'],
};

/** Doors that are not `index.ts` of a room: the thin side of the API, and parts that load on their own. */
const EXTRA_DOORS = [
  'api/contract.ts',
  'api/protocol.ts',
  'api/client/index.ts',
  'api/client/remote.ts',
  'api/openapi/index.ts',
  'cli/[^/]+/index.ts',
  'drivers/[^/]+/index.ts',
];

/** One owner per dependency: nobody else loads it, so that it can be replaced in one place. */
const OWNERS = [
  { name: 'dockerode', to: 'node_modules/(@types/)?dockerode/', owner: '^src/lib/drivers/docker/' },
  { name: 'sqlite', to: '^(node:)?sqlite$', owner: '^src/lib/store/' },
  { name: 'fastify', to: 'node_modules/fastify/', owner: '^src/lib/api/server/' },
  { name: 'pino', to: 'node_modules/pino/', owner: '^src/lib/agent/' },
  { name: 'prom-client', to: 'node_modules/prom-client/', owner: '^src/lib/agent/metrics/' },
  { name: 'mysql2', to: 'node_modules/mysql2/', owner: '^src/lib/sql/' },
  { name: 'oclif', to: 'node_modules/@oclif/', owner: '^(bin/|src/commands/|src/lib/cli/)' },
  { name: 'terminal', to: 'node_modules/(listr2|chalk)/', owner: '^src/(commands|lib/cli)/' },
  { name: 'conf', to: 'node_modules/conf/', owner: '^src/lib/config/' },
  { name: 'execa', to: 'node_modules/execa/', owner: '^src/lib/(drivers|cli)/' },
];

type Rule = NonNullable<IConfiguration['forbidden']>[number];

const roomPath = (room: string): string => `^src/lib/${room}(/|\\.ts$)`;

function directionRule([room, allowed]: readonly [string, readonly string[]]): Rule {
  const open = [room, ...allowed].join('|');
  return {
    name: `${room}-imports-downwards`,
    comment: `${room} may import only: ${allowed.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: roomPath(room) },
    to: { path: '^(src|bin|test|scripts)/', pathNot: `^src/lib/(${open})(/|\\.ts$)` },
  };
}

function ownerRule({ name, to, owner }: { name: string; to: string; owner: string }): Rule {
  return {
    name: `${name}-has-one-owner`,
    comment: `only ${owner} loads ${name}`,
    severity: 'error',
    from: { path: '^(src|bin)/', pathNot: owner },
    to: { path: to },
  };
}

const config = {
  forbidden: [
    ...Object.entries(ROOMS).map(directionRule),
    ...OWNERS.map(ownerRule),
    {
      name: 'known-rooms-only',
      comment: 'a new room needs its line in ROOMS',
      severity: 'error',
      from: { path: '^src/lib/', pathNot: `^src/lib/(${Object.keys(ROOMS).join('|')})(/|\\.ts$)` },
      to: {},
    },
    {
      name: 'doors-only',
      comment: 'another room is entered by its index.ts',
      severity: 'error',
      from: { path: '^src/(?:lib/([^/]+)|commands)/' },
      to: {
        path: '^src/lib/[^/]+/',
        pathNot: ['^src/lib/$1/', '^src/lib/[^/]+/index\\.ts$', ...EXTRA_DOORS.map((door) => `^src/lib/${door}$`)],
      },
    },
    {
      name: 'drivers-are-peers',
      comment: 'one driver knows nothing of another',
      severity: 'error',
      from: { path: '^src/lib/drivers/([^/]+)/' },
      to: { path: '^src/lib/drivers/[^/]+/', pathNot: '^src/lib/drivers/$1/' },
    },
    {
      name: 'commands-are-thin',
      comment: 'commands see cli, the contract and client of the api, config, domain, errors, clock and sql',
      severity: 'error',
      from: { path: '^src/commands/', pathNot: '^src/commands/agent/run\\.ts$' },
      to: { path: '^src/lib/', pathNot: '^src/lib/(cli|config|domain|errors|sql|clock\\.ts|logger\\.ts|api)(/|$)' },
    },
    {
      name: 'thin-side-of-the-api',
      comment: 'cli and commands take the contract and the client; the server half would load the HTTP framework',
      severity: 'error',
      from: { path: '^src/(commands|lib/cli)/' },
      to: {
        path: '^src/lib/api/',
        pathNot: '^src/lib/api/(contract\\.ts|protocol\\.ts|client/remote\\.ts|(client|openapi)/index\\.ts)$',
      },
    },
    {
      name: 'client-half-of-the-api',
      comment: 'contract and client load in every thin command: nothing of the server may come along',
      severity: 'error',
      from: { path: '^src/lib/api/(contract\\.ts|protocol\\.ts|client/)' },
      to: {
        path: '^src/lib/',
        pathNot: `^src/lib/(${[...LOWER, 'config'].join('|')}|api/(contract|protocol|client|socket-directory))(/|\\.ts$)`,
      },
    },
    {
      name: 'table-of-the-api',
      comment: 'what requests there are is data: nothing of what carries them out, so that the document needs no agent',
      severity: 'error',
      from: { path: '^src/lib/api/(routes|openapi)/' },
      to: {
        path: '^src/lib/',
        pathNot: `^src/lib/(${LOWER.join('|')}|api/(contract|protocol|routes|openapi))(/|\\.ts$)`,
      },
    },
    {
      name: 'agent-is-loaded-late',
      comment: 'agent run imports the agent dynamically, so that no other command loads Docker, SQLite or HTTP',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: '^src/lib/agent/', dynamic: false },
    },
    {
      name: 'sql-is-loaded-late',
      comment: 'cli and commands import sql dynamically: most commands never talk SQL',
      severity: 'error',
      from: { path: '^src/(commands|lib/cli)/' },
      to: { path: '^src/lib/sql/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'production-dependencies-only',
      comment: 'what a user installs has no development dependencies',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { couldNotResolve: true, pathNot: '/dist/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
} satisfies IConfiguration;

export default config;
