import { z } from 'zod';

/**
 * The HTTP contract, version 1: requests and answers as schemas, checked by the server, typed for the client, and what the
 * OpenAPI document is made of; which request has which is in `routes/`. Names are camelCase, times ISO 8601 UTC, spans in
 * seconds, sizes in bytes, CU as numbers.
 */

export * from './contract/access.ts';
export * from './contract/computes.ts';
export * from './contract/events.ts';
export * from './contract/health.ts';
export * from './contract/host.ts';
export * from './contract/money.ts';
export * from './contract/operations.ts';
export * from './contract/pools.ts';
export * from './contract/problem.ts';
export * from './contract/projects.ts';
export * from './contract/sessions.ts';
export * from './contract/snapshots.ts';
export * from './contract/storage.ts';
export * from './contract/top.ts';
export * from './contract/usage.ts';

/** Of requests after which there is nothing to say. */
export const emptyAnswerSchema = z.object({});
