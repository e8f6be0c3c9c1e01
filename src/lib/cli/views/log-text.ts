/** A line of the agent's log as an object; lines that are none, such as a crash's, keep their text. */
export function logJson(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not JSON: what the process printed by itself.
  }
  return { msg: line };
}

const LEVELS: Readonly<Record<string, string>> = {
  '20': 'debug',
  '30': 'info',
  '40': 'warn',
  '50': 'error',
  '60': 'fatal',
};
const HIDDEN: ReadonlySet<string> = new Set(['time', 'level', 'msg', 'pid', 'hostname']);

/** `2026-01-31T12:00:00.123Z info  compute started name=shop` */
export function logText(line: string): string {
  const entry = logJson(line);
  const { time, level, msg } = entry;
  const facts = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const at = typeof time === 'number' ? new Date(time).toISOString() : time;
  const label = LEVELS[String(level)] ?? level;
  return [at, typeof label === 'string' ? label.padEnd(5) : label, msg, ...facts]
    .filter((part) => part !== undefined && part !== '')
    .map(String)
    .join(' ');
}
