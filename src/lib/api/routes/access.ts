import { z } from 'zod';

import { auditViewSchema, newTokenSchema, selfSchema, tokenRequestSchema, tokenViewSchema } from '../contract.ts';
import { flag, wholeNumber } from './parameters.ts';
import { jsonRoute } from './route.ts';

const MAX_AUDIT = 10_000;
const tokenPath = z.object({ id: z.string() });

/** Who may do what, and who did. A token of a project is administered by tokens of that project too. */
export const accessRoutes = {
  self: jsonRoute({
    method: 'GET',
    path: '/self',
    id: 'getSelf',
    summary: 'Show the token that this request was made with',
    role: 'read',
    scope: 'self',
    answer: selfSchema,
  }),
  list: jsonRoute({
    method: 'GET',
    path: '/tokens',
    id: 'listTokens',
    summary: 'List tokens, without their secrets',
    role: 'admin',
    scope: 'query',
    query: z.object({ project: z.string().optional() }).strict(),
    answer: z.array(tokenViewSchema),
  }),
  show: jsonRoute({
    method: 'GET',
    path: '/tokens/:id',
    id: 'getToken',
    summary: 'Show a token, without its secret',
    role: 'admin',
    scope: 'one',
    params: tokenPath,
    answer: tokenViewSchema,
    errors: ['TOKEN_NOT_FOUND'],
  }),
  create: jsonRoute({
    method: 'POST',
    path: '/tokens',
    id: 'createToken',
    summary: 'Make a token of no more rights than the own',
    description: 'Its secret is in the answer, and nowhere to be had again.',
    role: 'admin',
    scope: 'self',
    body: tokenRequestSchema,
    answer: newTokenSchema,
    status: 201,
    errors: ['NAME_INVALID', 'NAME_IN_USE', 'STATE_CONFLICT'],
  }),
  revoke: jsonRoute({
    method: 'POST',
    path: '/tokens/:id/revoke',
    id: 'revokeToken',
    summary: 'End a token, and whatever is open with it, at once',
    role: 'admin',
    scope: 'one',
    params: tokenPath,
    answer: tokenViewSchema,
    errors: ['TOKEN_NOT_FOUND'],
  }),
  audit: jsonRoute({
    method: 'GET',
    path: '/audit',
    id: 'listAudit',
    summary: 'Who changed what, and what was refused to whom; oldest first',
    role: 'admin',
    scope: 'query',
    query: z
      .object({
        project: z.string().optional(),
        /** Id of a token. */
        token: z.string().optional(),
        /** Only what was refused or failed. */
        failed: flag.default(false),
        after: wholeNumber().optional(),
        limit: wholeNumber({ min: 1, max: MAX_AUDIT }).default(100),
      })
      .strict(),
    answer: z.array(auditViewSchema),
  }),
};
