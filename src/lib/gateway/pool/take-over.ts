import type { DozeError } from '../../errors/index.ts';
import {
  Command,
  GLANCE_QUERY,
  readErr,
  readGlance,
  type Capabilities,
  type HandshakeResponse,
  type TextAnswer,
} from '../../mysql/index.ts';
import { backendLost, type BackendLink } from '../backend-link.ts';
import { sessionClosed } from '../refusal.ts';
import type { Carry } from '../parking/carry.ts';
import { query, runBatch } from './batch.ts';
import { changeUser } from './change-user.ts';
import type { PooledBackend } from './pooled-backend.ts';
import type { Tenant } from './tenant.ts';

/** The session that a connection becomes. */
export interface Successor {
  readonly carry: Carry;
  readonly response: HandshakeResponse;
  readonly stage1: Buffer | null;
}

const RESET = Buffer.of(Command.RESET_CONNECTION);

/** Reads what plain statements left of a session, and settles what is known of it. @throws SESSION_CLOSED, BACKEND_LOST */
export async function glance(link: BackendLink, { carry, capabilities }: Tenant): Promise<void> {
  const { answers } = await runBatch(link, capabilities, [query(GLANCE_QUERY)]);
  settle(carry, answers[0]);
}

/**
 * Makes a connection of one session into another's, in one turn: reads what the first one's last statements left, if that
 * is still to be read; resets; puts the second one's state there.
 * @param leaving whose last statements are still to be read
 * @throws SESSION_CLOSED, BACKEND_LOST; the connection is of no use then
 */
export async function takeOver(
  backend: PooledBackend,
  link: BackendLink,
  { carry, response, stage1 }: Successor,
  leaving: Tenant | null,
): Promise<void> {
  const { statements, hasDatabase } = carry.carried;
  const isDefault = hasDatabase === null;
  const wantsDatabase = hasDatabase ?? response.database !== null;
  const { capabilities } = response;
  const commands = statements.map(query);
  if ((backend.hasDatabase && !wantsDatabase) || (isDefault && !backend.isDefault)) {
    // A reset keeps role and database.
    if (leaving !== null) await glance(link, leaving);
    const outcome = await changeUser(link, isDefault ? response : { ...response, database: null }, stage1);
    if (!outcome.isAccepted) throw notRestored(readErr(outcome.payload).message);
    const { answers } = await runBatch(link, capabilities, commands);
    requireDone(answers);
    carry.beganAt(outcome.beganAt);
  } else {
    // Named again, as a reset takes the database's own character set from it.
    const { database } = response;
    if (isDefault && database !== null) commands.unshift(Buffer.concat([Buffer.of(Command.INIT_DB), database]));
    commands.unshift(RESET);
    if (leaving !== null) commands.unshift(query(GLANCE_QUERY));
    const { answers, sentAfter } = await runBatch(link, capabilities, commands);
    const first = leaving === null ? 0 : 1;
    if (leaving !== null) settle(leaving.carry, answers[0]);
    requireDone(answers.slice(first));
    carry.beganAt(sentAfter[first] ?? 0);
  }
  backend.hasDatabase = wantsDatabase;
  backend.isDefault = isDefault;
}

/** After a session that ended: whatever it held is let go at once, as the end of its connection would. */
export async function resetNow(link: BackendLink, capabilities: Capabilities): Promise<void> {
  requireDone((await runBatch(link, capabilities, [RESET])).answers);
}

function settle(carry: Carry, answer: TextAnswer | undefined): void {
  const found = answer?.kind === 'rows' ? readGlance(answer.rows) : null;
  if (found === null) throw backendLost('the server did not tell what the last statement left');
  carry.glanced(found);
}

function requireDone(answers: readonly TextAnswer[]): void {
  for (const answer of answers) if (answer.kind === 'err') throw notRestored(answer.err.message);
}

function notRestored(why: string): DozeError {
  return sessionClosed(
    `this session could not be put on another connection to the server as it was (${why}); connect again`,
  );
}
