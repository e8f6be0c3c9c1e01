import { z } from 'zod';

import {
  projectDeleteRequestSchema,
  projectRequestSchema,
  projectResultSchema,
  projectViewSchema,
} from '../contract.ts';
import { ownProjectPath, projectPath } from './parameters.ts';
import { jsonRoute, operationRoute } from './route.ts';

/** Of the host: who has only a project does not lift its limits. */
const change = { method: 'POST', role: 'admin', scope: 'host', params: projectPath, tagged: 'project' } as const;

export const projectRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/projects',
    id: 'listProjects',
    summary: 'List projects, with what they use of their limits',
    role: 'read',
    scope: 'query',
    query: z.object({ project: z.string().optional() }).strict(),
    answer: z.array(projectViewSchema),
  }),
  show: jsonRoute({
    method: 'GET',
    path: '/projects/:project',
    id: 'getProject',
    tagged: 'project',
    summary: 'Show a project, with what it uses of its limits',
    role: 'read',
    scope: 'path',
    params: ownProjectPath,
    answer: projectViewSchema,
    errors: ['NAME_INVALID', 'PROJECT_NOT_FOUND'],
  }),
  create: jsonRoute({
    ...change,
    path: '/projects/:name/create',
    id: 'createProject',
    isCreate: true,
    summary: 'Make a project; one that is there is changed as it is asked for',
    body: projectRequestSchema,
    answer: projectResultSchema,
    errors: ['NAME_INVALID', 'VALUE_INVALID'],
  }),
  set: jsonRoute({
    ...change,
    path: '/projects/:name/set',
    id: 'setProject',
    summary: "Change a project's description, tags and limits",
    body: projectRequestSchema,
    answer: projectResultSchema,
    errors: ['NAME_INVALID', 'VALUE_INVALID', 'PROJECT_NOT_FOUND'],
  }),
  delete: operationRoute({
    ...change,
    path: '/projects/:name/delete',
    id: 'deleteProject',
    summary: 'Delete a project; what it used stays in the ledger',
    body: projectDeleteRequestSchema,
    answer: projectResultSchema,
    errors: ['NAME_INVALID', 'PROJECT_NOT_FOUND', 'PROJECT_NOT_EMPTY'],
  }),
};
