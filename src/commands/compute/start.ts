import { boolean, string } from '@oclif/core/flags';

import type { StartRequest } from '../../lib/api/client/index.ts';
import {
  BaseCommand,
  computeArgument,
  leaseFlags,
  leaseRequest,
  parseChoice,
  parseCount,
} from '../../lib/cli/index.ts';
import { operationJson, operationText } from '../../lib/cli/views/index.ts';
import { DEPTHS, parseDepth, parseDuration, parseLadder, parseSizeRange } from '../../lib/domain/index.ts';
import { DozeError } from '../../lib/errors/index.ts';

const MAX_PORT = 65_535;
const MAX_SESSIONS = 999_999;
const MAX_CONNECTIONS = 10_000;

export default class ComputeStart extends BaseCommand {
  static override summary = 'make a compute, or wake it if it sleeps';
  static override description =
    'Creates the compute if there is none of this name, resumes it if it is suspended, and does nothing if it is ' +
    'active. Settings apply to a new compute; what is left out is taken from `doze config list`. An ephemeral compute is ' +
    'destroyed with its data, for good, when its lease is over or by `destroy`, whatever it does then; each start renews ' +
    'the lease. With --json the url has the password in it.';
  static override examples = [
    { description: 'a database of your own', command: 'doze compute start shop' },
    {
      description: 'in a CI job: gone after an hour whatever becomes of the job',
      command: 'url=$(doze compute start ci-42 --ephemeral --json | jq -r .url)',
    },
    {
      description: 'paused after a minute, memory kept',
      command: 'doze compute start shop --suspend-after 1m --depth frozen',
    },
    {
      description: 'in swap at first, gone from memory later',
      command: 'doze compute start shop --ladder hibernated:5m,parked:1h,stopped:24h',
    },
    { description: 'as large as its load asks for', command: 'doze compute start shop --size 0.25-2' },
    {
      description: 'on a storage tier; the instance keeps nothing',
      command: 'doze compute start shop --storage pageserver --page-server ps-main --safekeepers sk-main --image IMAGE',
    },
    { description: 'bring back what was destroyed', command: 'doze compute start shop --restore' },
  ];
  static override args = { name: computeArgument };
  static override flags = {
    engine: string({ description: 'database server: mariadb', helpValue: 'NAME' }),
    'engine-version': string({ description: 'version line of the server, such as 10.11', helpValue: 'VERSION' }),
    image: string({ description: 'image for the docker driver', helpValue: 'REFERENCE' }),
    driver: string({ description: 'what it runs on', helpValue: 'auto|docker|process' }),
    size: string({
      description: 'compute units in steps of 0.25, or a range for a size by load; 1 is 1 vCPU and 4 GiB',
      helpValue: 'CU|MIN-MAX',
    }),
    ladder: string({ description: 'how it goes down while idle, or never', helpValue: 'DEPTH:DURATION,...' }),
    'suspend-after': string({ description: 'idle time before the first step down, or never', helpValue: 'DURATION' }),
    depth: string({ description: `how deep that is: ${DEPTHS.join(', ')}`, helpValue: 'DEPTH' }),
    'end-pinned-after': string({
      description: 'when a session without a command ends that alone keeps it from going deeper, or never',
      helpValue: 'DURATION',
    }),
    'session-idle-timeout': string({
      description: 'when a session without a command or an open transaction ends, or never',
      helpValue: 'DURATION',
    }),
    'max-sessions': string({ description: 'how many sessions it may have, or none', helpValue: 'NUMBER' }),
    port: string({ description: "the gateway's port for it; a free one if left out", helpValue: 'PORT' }),
    user: string({ description: 'name of its owner account', helpValue: 'NAME' }),
    database: string({ description: 'name of its database', helpValue: 'NAME' }),
    pool: string({ description: 'whether its sessions share connections to its server', helpValue: 'off|transaction' }),
    'pool-size': string({ description: 'how many connections they share at most', helpValue: 'N' }),
    storage: string({ description: 'where its data lives', helpValue: 'volume|pageserver' }),
    'page-server': string({ description: 'the Page Server, as registered', helpValue: 'NAME' }),
    safekeepers: string({ description: 'the group of Safekeepers, as registered', helpValue: 'NAME' }),
    ...leaseFlags,
    restore: boolean({ description: 'bring back the destroyed compute of this name, with its data' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.open(ComputeStart);
    const name = this.computeName(args.name);
    const request = toRequest(name, flags);
    this.interrupt.explain(
      `the agent goes on starting "${name}" unless it waited for its turn`,
      `doze compute wait ${name}`,
    );
    const api = await this.api();
    const result = await this.progress.run(`Starting ${name}`, (report) =>
      api.computes.start(this.project, name, request, report, this.call),
    );
    this.noteAll(result);
    const { url } = this.output.isJson
      ? await api.computes.connection(this.project, name, 'owner', this.call)
      : result.compute;
    const text = this.output.isQuiet ? url : `${operationText(result)}\n${url}`;
    this.output.result({ ...operationJson(result), url }, text);
    this.tip(`Next: doze compute connect ${name}, or doze compute url ${name} for the URL with its password`);
  }
}

type Typed = Readonly<Record<Exclude<keyof typeof ComputeStart.flags, 'restore' | 'ephemeral'>, string | undefined>> & {
  readonly restore: boolean;
  readonly ephemeral: boolean;
};

function toRequest(name: string, typed: Typed): StartRequest {
  const { engine, image, driver, size, depth, port, user, database, restore } = typed;
  const after = typed['suspend-after'];
  const version = typed['engine-version'];
  return {
    ...(engine !== undefined && { engine }),
    ...(version !== undefined && { version }),
    ...(image !== undefined && { image }),
    ...(driver !== undefined && { driver: parseChoice(driver, 'driver', ['auto', 'docker', 'process']) }),
    ...(size !== undefined && { size: parseSizeRange(size) }),
    ...(typed.ladder !== undefined && {
      ladder: parseLadder(typed.ladder).map((rung) => ({ depth: rung.depth, afterSeconds: rung.afterMs / 1000 })),
    }),
    ...(after !== undefined && { suspendAfterSeconds: secondsOrNever(after) }),
    ...sessionsOf(typed),
    ...(depth !== undefined && { suspendDepth: parseDepth(depth) }),
    ...(port !== undefined && { port: parseCount(port, 'port', MAX_PORT) }),
    ...(user !== undefined && { user }),
    ...(database !== undefined && { database }),
    ...(typed.pool !== undefined && { pool: parseChoice(typed.pool, 'pool', ['off', 'transaction']) }),
    ...(typed['pool-size'] !== undefined && {
      poolSize: parseCount(typed['pool-size'], 'pool-size', MAX_CONNECTIONS),
    }),
    ...storageOf(typed),
    ...leaseRequest(name, typed),
    ...(restore && { restore }),
  };
}

function sessionsOf(
  typed: Typed,
): Pick<StartRequest, 'endPinnedAfterSeconds' | 'maxSessions' | 'sessionIdleTimeoutSeconds'> {
  const pinned = typed['end-pinned-after'];
  const idle = typed['session-idle-timeout'];
  const most = typed['max-sessions'];
  return {
    ...(pinned !== undefined && { endPinnedAfterSeconds: secondsOrNever(pinned) }),
    ...(idle !== undefined && { sessionIdleTimeoutSeconds: secondsOrNever(idle) }),
    ...(most !== undefined && { maxSessions: most === 'none' ? null : parseCount(most, 'max-sessions', MAX_SESSIONS) }),
  };
}

function secondsOrNever(text: string): number | null {
  return text === 'never' ? null : parseDuration(text) / 1000;
}

/** @throws USAGE when a compute without data of its own lacks a place for it */
function storageOf(typed: Typed): Pick<StartRequest, 'storage'> {
  const { storage, safekeepers } = typed;
  const pageServer = typed['page-server'];
  const kind = storage === undefined ? null : parseChoice(storage, 'storage', ['volume', 'pageserver']);
  if (kind !== 'pageserver') {
    if (pageServer === undefined && safekeepers === undefined) return {};
    throw new DozeError('USAGE', '--page-server and --safekeepers go with --storage pageserver');
  }
  if (pageServer === undefined || safekeepers === undefined) {
    throw new DozeError('USAGE', '--storage pageserver needs --page-server NAME and --safekeepers NAME', {
      hint: 'doze storage list',
    });
  }
  return { storage: { pageServer, safekeepers } };
}
