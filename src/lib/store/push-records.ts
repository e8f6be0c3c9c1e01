import type { DatabaseSync } from 'node:sqlite';

import { inTransaction } from './transaction.ts';

/** What a receiver was told of one meter of a compute in one hour: all that it was told adds up to this. */
export interface PushedTotal {
  readonly hourMs: number;
  readonly computeId: string;
  readonly meter: string;
  readonly total: number;
  /** 0 at first; one more with each correction. */
  readonly revision: number;
}

/** Made and on record before it is sent, so that it is sent again as it was when nobody knows whether it arrived. */
export interface OutboxBatch {
  readonly body: string;
  readonly totals: readonly PushedTotal[];
}

export interface PushState {
  /** No hour before it is sent. */
  readonly sinceMs: number;
  /** Hours before it have been sent, but for those of the outbox. */
  readonly cursorMs: number;
  readonly outbox: OutboxBatch | null;
}

/** Of each receiver, by a name that has no secret in it. */
export interface PushRecords {
  /** Null for one that was never sent anything. */
  pushState(receiver: string): PushState | null;
  beginPush(receiver: string, sinceMs: number): void;
  putOutbox(receiver: string, batch: OutboxBatch, cursorMs: number): void;
  /** The batch has arrived: what it says is what the receiver was told. Totals of hours before `keepSinceMs` are forgotten. */
  clearOutbox(receiver: string, keepSinceMs: number): void;
  setPushCursor(receiver: string, cursorMs: number): void;
  /** Of the hours in [sinceMs, untilMs). */
  listPushed(receiver: string, window: { readonly sinceMs: number; readonly untilMs: number }): readonly PushedTotal[];
}

export function createPushRecords(db: DatabaseSync): PushRecords {
  const select = db.prepare('SELECT since_ms, cursor_ms, outbox FROM pushes WHERE receiver = ?');
  const insert = db.prepare('INSERT INTO pushes (receiver, since_ms, cursor_ms) VALUES (?, ?, ?)');
  const put = db.prepare('UPDATE pushes SET cursor_ms = ?, outbox = ? WHERE receiver = ?');
  const putCursor = db.prepare('UPDATE pushes SET cursor_ms = ? WHERE receiver = ?');
  const putTotal = db.prepare('INSERT OR REPLACE INTO pushed VALUES (?, ?, ?, ?, ?, ?)');
  const forget = db.prepare('DELETE FROM pushed WHERE receiver = ? AND hour_ms < ?');
  const list = db.prepare(
    `SELECT hour_ms AS hourMs, compute_id AS computeId, meter, total, revision FROM pushed
     WHERE receiver = ? AND hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms, compute_id, meter`,
  );
  const stateOf = (receiver: string): PushState | null => {
    const row = select.get(receiver);
    if (row === undefined) return null;
    const outbox = row['outbox'];
    return {
      sinceMs: Number(row['since_ms']),
      cursorMs: Number(row['cursor_ms']),
      outbox: typeof outbox === 'string' ? (JSON.parse(outbox) as OutboxBatch) : null,
    };
  };
  return {
    pushState: stateOf,
    beginPush: (receiver, sinceMs) => void insert.run(receiver, sinceMs, sinceMs),
    putOutbox: (receiver, batch, cursorMs) => void put.run(cursorMs, JSON.stringify(batch), receiver),
    clearOutbox(receiver, keepSinceMs) {
      inTransaction(db, () => {
        const state = stateOf(receiver);
        const batch = state?.outbox ?? null;
        if (state === null || batch === null) return;
        for (const { hourMs, computeId, meter, total, revision } of batch.totals) {
          putTotal.run(receiver, hourMs, computeId, meter, total, revision);
        }
        forget.run(receiver, keepSinceMs);
        put.run(state.cursorMs, null, receiver);
      });
    },
    setPushCursor: (receiver, cursorMs) => void putCursor.run(cursorMs, receiver),
    listPushed: (receiver, { sinceMs, untilMs }) =>
      list.all(receiver, sinceMs, untilMs) as unknown as readonly PushedTotal[],
  };
}
