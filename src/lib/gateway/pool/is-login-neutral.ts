import type { Capabilities } from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import { query, runBatch } from './batch.ts';

/** What a login sets by itself, for some accounts and clients, and a reset does not set again. */
const SET_BY_LOGIN = ['wait_timeout', 'max_statement_time', 'sql_mode', 'sql_select_limit', 'sql_big_selects'];
const SQL = `SELECT ${[
  "@@global.init_connect <=> ''",
  ...SET_BY_LOGIN.map((name) => `@@session.${name} <=> @@global.${name}`),
].join(' AND ')} LIMIT 1`;

/** Whether a session that has just begun has nothing that it would not have after a reset. @throws BACKEND_LOST */
export async function isLoginNeutral(link: BackendLink, capabilities: Capabilities): Promise<boolean> {
  const { answers } = await runBatch(link, capabilities, [query(SQL)]);
  const answer = answers[0];
  return answer?.kind === 'rows' && answer.rows[0]?.[0]?.toString() === '1';
}
