import type { DatabaseSync } from 'node:sqlite';

import { forEachMeter, type Meter, type RateCard } from '../domain/index.ts';
import { inTransaction } from './transaction.ts';

/** What is known of a card before it has its version. */
export type NewRateCard = Omit<RateCard, 'version'>;

/** What things cost: versions are added, and nothing else. */
export interface RateRecords {
  /** As the next version of its name. */
  addRateCard(card: NewRateCard): RateCard;
  /** All versions, in the order in which they were added. */
  listRateCards(): readonly RateCard[];
}

/** Whole numbers beyond what JSON's readers keep are texts. */
type Doc = Omit<RateCard, 'prices' | 'free'> & Record<'prices' | 'free', Record<Meter, string>>;

export function createRateRecords(db: DatabaseSync): RateRecords {
  const selectLast = db.prepare('SELECT max(version) AS version FROM rate_cards WHERE name = ?');
  const insert = db.prepare('INSERT INTO rate_cards (name, version, project, doc) VALUES (?, ?, ?, ?)');
  const select = db.prepare('SELECT doc FROM rate_cards ORDER BY seq');
  return {
    addRateCard: (card) =>
      inTransaction(db, () => {
        const version = Number(selectLast.get(card.name)?.['version'] ?? 0) + 1;
        const added = { ...card, version };
        insert.run(card.name, version, card.project, JSON.stringify(toDoc(added)));
        return added;
      }),
    listRateCards: () => select.all().map((row) => fromDoc(JSON.parse(String(row['doc'])) as Doc)),
  };
}

function toDoc(card: RateCard): Doc {
  return {
    ...card,
    prices: forEachMeter((meter) => String(card.prices[meter])),
    free: forEachMeter((meter) => String(card.free[meter])),
  };
}

function fromDoc(doc: Doc): RateCard {
  return {
    ...doc,
    prices: forEachMeter((meter) => BigInt(doc.prices[meter])),
    free: forEachMeter((meter) => BigInt(doc.free[meter])),
  };
}
