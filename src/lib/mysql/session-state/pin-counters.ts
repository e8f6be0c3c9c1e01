import type { PinCode } from './pin-reason.ts';

/**
 * The session's counters of statements that leave what no new connection can be given. They count procedures'
 * statements too, and failed ones. None tells whether what was made is still there: CREATE may make nothing and one
 * DROP end several, so that a session stays pinned until COM_RESET_CONNECTION, which takes the state and sets them
 * to 0. XA needs none: a branch in any of its states is a transaction to `@@in_transaction`.
 */
export const PIN_COUNTERS: Readonly<Record<string, PinCode>> = {
  COM_CREATE_TEMPORARY_TABLE: 'temporaryTable',
  COM_LOCK_TABLES: 'tableLock',
  COM_HA_OPEN: 'handler',
  COM_PREPARE_SQL: 'dynamicSql',
  COM_EXECUTE_IMMEDIATE: 'dynamicSql',
  COM_BACKUP: 'backup',
  COM_BACKUP_LOCK: 'backup',
  COM_FLUSH: 'flush',
};
