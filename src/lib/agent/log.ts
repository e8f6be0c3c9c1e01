import { pino, type Level } from 'pino';

import type { Logger } from '../logger.ts';
import type { RotatingFile } from './rotating-file.ts';

/** JSON lines. An error under `err` is written with its code, hint, details, stack and cause. */
export function createLog(file: Pick<RotatingFile, 'write'>, level: Level): Logger {
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    file,
  );
  return {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.info(facts, message),
    warn: (facts, message) => log.warn(facts, message),
    error: (facts, message) => log.error(facts, message),
  };
}
