import type { Requirement } from '../../support/environment/packages.ts';

/** What some benchmarks need beyond what the tests do; installed when they are run. */
export const SYSBENCH: Requirement = { program: 'sysbench', debianPackage: 'sysbench', description: 'sysbench' };
export const HAPROXY: Requirement = { program: 'haproxy', debianPackage: 'haproxy', description: 'HAProxy' };
