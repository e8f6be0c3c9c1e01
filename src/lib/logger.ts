/** Facts are for machines, the message for people. Never a secret in either. */
export interface Logger {
  debug(facts: LogFacts, message: string): void;
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
  error(facts: LogFacts, message: string): void;
}

/** An error goes under `err`, so that its code, hint and cause are written with it. */
export type LogFacts = Readonly<Record<string, unknown>>;

export function createSilentLogger(): Logger {
  const ignore = (): void => undefined;
  return { debug: ignore, info: ignore, warn: ignore, error: ignore };
}
