import { Capability, type HandshakeResponse } from '../../mysql/index.ts';
import type { Arrival } from '../arrival.ts';
import type { EarlyAnswers } from '../asleep/early-answers.ts';
import type { ClientConnection } from '../client-connection.ts';
import type { Core } from '../core.ts';
import { logInAtServer, refusalOf, responseFor, type ServerLogin } from '../log-in-at-server.ts';
import type { Carry } from '../parking/carry.ts';
import { reach } from '../wake.ts';
import { changeUser } from './change-user.ts';
import { isLoginNeutral } from './is-login-neutral.ts';
import type { Connected, PlaceRequest } from './place-request.ts';
import { poolOf } from './pool-of.ts';
import { glance, takeOver } from './take-over.ts';
import { Tenancy } from './tenancy.ts';

export interface SharedLogin {
  readonly login: ServerLogin;
  readonly tenancy: Tenancy;
}

/**
 * A login that needs no connection of its own: the server checks the account on one that somebody else has used.
 * @returns null where the compute's sessions share no connections
 * @throws TOO_MANY_CONNECTIONS, and what a wake and a login throw
 */
export async function takePlace(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  carry: Carry,
  signal: AbortSignal,
): Promise<SharedLogin | null> {
  const { gate } = arrival;
  const pool = await poolOf(core, gate);
  if (pool === null) return null;
  await reach(core, gate, signal);
  const ways = createWays(core, connection, arrival, carry);
  const place = await pool.acquire(ways.login, signal);
  const tenancy = new Tenancy({ core, pool, arrival, carry, ...ways, early: null }, place);
  return { login: { backend: place.backend, payload: place.payload }, tenancy };
}

/** For one that came in while the server slept: its first command takes a connection, whose login is checked then. */
export async function takePlaceLater(
  core: Core,
  connection: ClientConnection,
  arrival: Arrival,
  carry: Carry,
  early: EarlyAnswers,
): Promise<Tenancy | null> {
  const pool = await poolOf(core, arrival.gate);
  if (pool === null) return null;
  const ways = createWays(core, connection, arrival, carry);
  return new Tenancy({ core, pool, arrival, carry, ...ways, early }, null);
}

interface Ways {
  readonly login: PlaceRequest;
  /** Of a session that had to leave its connection. */
  readonly comeback: PlaceRequest;
}

function createWays(core: Core, connection: ClientConnection, arrival: Arrival, carry: Carry): Ways {
  const { admission } = arrival;
  const response = responseFor(arrival);
  const stage1 = admission.kind === 'relay' ? null : admission.stage1;
  // Asked for when the server is there: before, it is not known whether it sees clients' own addresses.
  const currentKey = (): string | null => {
    if (admission.kind === 'relay') return null;
    const address = arrival.gate.seenAs?.kind === 'client' ? connection.peer.address : '';
    return keyOf(response, { stage1, address, needsTls: admission.needsTls });
  };
  const hasDatabase = response.database !== null;
  const { capabilities } = response;
  return {
    login: {
      get key() {
        return currentKey();
      },
      carry,
      needsNew: (pooled) => !pooled.isNeutral,
      connect: async (signal) => {
        const login = await logInAtServer(core, connection, arrival, signal);
        return await begun(login, async ({ backend }) => {
          const isNeutral = admission.kind !== 'relay' && (await isLoginNeutral(backend.link, capabilities));
          if (!isNeutral) carry.noteOddLogin();
          return { isNeutral, isDefault: true, hasDatabase };
        });
      },
      takeOver: async (pooled, link, leaving) => {
        if (leaving !== null) await glance(link, leaving);
        const outcome = await changeUser(link, response, stage1);
        if (!outcome.isAccepted) throw await refusalOf(core, connection, arrival, outcome);
        carry.beganAt(outcome.beganAt);
        pooled.isDefault = true;
        pooled.hasDatabase = hasDatabase;
        return outcome.payload;
      },
    },
    comeback: {
      get key() {
        return currentKey();
      },
      carry,
      needsNew: (pooled) => !pooled.isNeutral && carry.carried.hasDatabase === null,
      connect: async (signal) => {
        const { hasDatabase: isNamed } = carry.carried;
        const again = isNamed === null ? arrival : withoutDatabase(arrival);
        const login = await logInAtServer(core, connection, again, signal);
        return await begun(login, async ({ backend }) => {
          const isNeutral = await isLoginNeutral(backend.link, capabilities);
          await carry.restore(backend.link, capabilities);
          return { isNeutral, isDefault: isNamed === null, hasDatabase: isNamed ?? hasDatabase };
        });
      },
      takeOver: async (pooled, link, leaving) => {
        await takeOver(pooled, link, { carry, response, stage1 }, leaving);
        return Buffer.alloc(0);
      },
    },
  };
}

async function begun(
  login: ServerLogin,
  begin: (login: ServerLogin) => Promise<Omit<Connected, keyof ServerLogin>>,
): Promise<Connected> {
  try {
    return { ...login, ...(await begin(login)) };
  } catch (error) {
    login.backend.link.socket.destroy();
    throw error;
  }
}

function withoutDatabase(arrival: Arrival): Arrival {
  const { greeted } = arrival;
  return { ...arrival, greeted: { ...greeted, response: { ...greeted.response, database: null } } };
}

/**
 * Whatever a reset does not change, and a session may not find otherwise.
 * @param address from where the server sees it come: that is what chooses the account; empty where all come from the gateway
 */
function keyOf(
  { user, capabilities, collation, maxPacketLength }: HandshakeResponse,
  {
    stage1,
    address,
    needsTls,
  }: { readonly stage1: Buffer | null; readonly address: string; readonly needsTls: boolean },
): string {
  const { base, extended } = capabilities;
  // Named again for each session.
  const flags = base & ~Capability.CONNECT_WITH_DB;
  return [
    user.toString('hex'),
    stage1?.toString('hex') ?? '',
    flags,
    extended,
    collation,
    maxPacketLength,
    address,
    needsTls,
  ].join(':');
}
