/** Status flags in OK and EOF packets. https://mariadb.com/kb/en/ok_packet/#server-status-flag */
export const ServerStatus = {
  IN_TRANSACTION: 0x1,
  AUTOCOMMIT: 0x2,
  MORE_RESULTS: 0x8,
  CURSOR_EXISTS: 0x40,
  LAST_ROW_SENT: 0x80,
} as const;
