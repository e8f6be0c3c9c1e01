import type { Check } from '../api/client/index.ts';

const WANTED = 24;

/** `v24.21.0` */
export function checkNode(version: string): Check {
  const isEnough = Number(version.slice(1).split('.')[0]) >= WANTED;
  return {
    name: 'node',
    status: isEnough ? 'ok' : 'failed',
    summary: `Node.js ${version.slice(1)}`,
    hint: isEnough ? null : `install Node.js ${WANTED} or newer`,
  };
}
