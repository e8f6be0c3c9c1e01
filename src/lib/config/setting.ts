import { DozeError } from '../errors/index.ts';

/** One thing a person can set. Values are texts in files, variables and flags; `parse` makes them values. */
export interface Setting<Value> {
  readonly description: string;
  /** Who acts on it. The agent reads its settings when it starts. */
  readonly reader: 'cli' | 'agent';
  /** As it would be typed. */
  readonly defaultText: string;
  /** What can be typed, for people: `a duration such as 5m, or never`. */
  readonly accepts: string;
  /** @throws an error of kind `user` */
  parse(text: string): Value;
}

/** Reads with `read`, which returns undefined for what it does not accept. */
export function setting<Value>(
  facts: Omit<Setting<Value>, 'parse'>,
  read: (text: string) => Value | undefined,
): Setting<Value> {
  return {
    ...facts,
    parse: (text) => {
      const value = read(text.trim());
      if (value !== undefined) return value;
      throw new DozeError('VALUE_INVALID', `"${text}" is not ${facts.accepts}`, { hint: `use ${facts.accepts}` });
    },
  };
}
