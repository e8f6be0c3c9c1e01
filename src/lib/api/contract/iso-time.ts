import { z } from 'zod';

/** ISO 8601 in UTC: how every instant is written. */
export const isoTimeSchema = z.iso.datetime();
