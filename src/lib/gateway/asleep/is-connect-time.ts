import { Command } from '../../mysql/index.ts';

const SET_NAMES =
  /^\s*SET\s+(?:NAMES|CHARACTER\s+SET|CHARSET)\s+['"]?\w+['"]?(?:\s+COLLATE\s+['"]?\w+['"]?)?\s*;?\s*$/i;
/** Assignments to variables of the session, of literals and of what other variables hold. */
const SET_VARIABLES =
  /^\s*SET\s+(?!NAMES|CHAR|PASSWORD|ROLE|DEFAULT|STATEMENT|TRANSACTION|(?:SESSION|LOCAL|GLOBAL)\s+TRANSACTION)(?:(?:SESSION|LOCAL)\s+|@@(?:SESSION\.|LOCAL\.)?)?\w+\s*:?=[^;]*;?\s*$/i;
const SELECT_VARIABLES =
  /^\s*SELECT\s+@@[\w.]+(?:\s+(?:AS\s+)?[\w`]+)?(?:\s*,\s*@@[\w.]+(?:\s+(?:AS\s+)?[\w`]+)?)*(?:\s+LIMIT\s+1)?\s*;?\s*$/i;
const USE = /^\s*USE\s+[\w`$]+\s*;?\s*$/i;

/** User variables, settings of everybody, tables, comments that may be code. */
const HAS_MORE = /(?<!@)@(?!@)|@@GLOBAL\.|\bGLOBAL\b|\bPERSIST|\bSELECT\b.*\bSELECT\b|\bFROM\b|\bINTO\b|\/\*|--|#/i;
const CALLS = /(\w+)\s*\(/g;
const HARMLESS_CALLS: ReadonlySet<string> = new Set(['concat', 'concat_ws', 'replace', 'ifnull', 'coalesce', 'if']);
/** Their values differ from one session or moment to the next, or they begin something. */
const OF_THE_MOMENT =
  /\b(?:timestamp|rand_seed[12]|pseudo_\w+|insert_id|last_insert_id|identity|gtid_\w+|sql_log_bin)\b/i;

/**
 * Whether a command is one of those by which clients set themselves up: its answer is the same for every session that got
 * here the same way, and what it does can as well be done later.
 */
export function isConnectTime(payload: Buffer): boolean {
  if (payload[0] === Command.INIT_DB) return true;
  if (payload[0] !== Command.QUERY) return false;
  const sql = payload.toString('latin1', 1);
  if (SET_NAMES.test(sql) || USE.test(sql)) return true;
  if (!SET_VARIABLES.test(sql) && !SELECT_VARIABLES.test(sql)) return false;
  if (HAS_MORE.test(sql) || OF_THE_MOMENT.test(sql)) return false;
  return [...sql.matchAll(CALLS)].every(([, name = '']) => HARMLESS_CALLS.has(name.toLowerCase()));
}
