import { z } from 'zod';

import { agentStatusSchema, checkSchema, emptyAnswerSchema } from '../contract.ts';
import { logsQuery } from './parameters.ts';
import { jsonRoute, textRoute } from './route.ts';

export const agentRoutes = {
  status: jsonRoute({
    method: 'GET',
    path: '/agent',
    id: 'getAgent',
    summary: 'Show the agent: version, home, gateway, how many computes are in which state',
    role: 'read',
    scope: 'host',
    answer: agentStatusSchema,
  }),
  stop: jsonRoute({
    method: 'POST',
    path: '/agent/stop',
    id: 'stopAgent',
    summary: 'Ask the agent to end; its computes go on',
    role: 'admin',
    scope: 'host',
    status: 202,
    answer: emptyAnswerSchema,
  }),
  doctor: jsonRoute({
    method: 'GET',
    path: '/doctor',
    id: 'checkHost',
    summary: 'Check what the host has: Docker, images, ports, disk, clock, storage tier',
    role: 'read',
    scope: 'host',
    answer: z.array(checkSchema),
  }),
  metrics: textRoute({
    method: 'GET',
    path: '/metrics',
    id: 'getMetrics',
    summary: 'What a monitoring system wants to know, in the text format of Prometheus',
    role: 'read',
    scope: 'host',
    /** Prometheus text exposition format, version 0.0.4. */
    mediaType: 'text/plain; version=0.0.4; charset=utf-8',
  }),
  logs: textRoute({
    method: 'GET',
    path: '/agent/logs',
    id: 'getAgentLogs',
    summary: "The agent's log, line by line; with `follow` also what comes",
    role: 'read',
    scope: 'host',
    query: logsQuery,
    mediaType: 'text/plain; charset=utf-8',
  }),
  document: textRoute({
    method: 'GET',
    path: '/openapi.json',
    id: 'getOpenApi',
    summary: 'This document',
    role: 'read',
    scope: 'any',
    mediaType: 'application/json; charset=utf-8',
  }),
};
