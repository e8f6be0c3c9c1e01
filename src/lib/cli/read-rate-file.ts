import type { RateCardRequest } from '../api/client/index.ts';
import { DozeError } from '../errors/index.ts';
import { readInput } from './read-secret.ts';

/** What a version of a card is made of; name, number and time it gets when it is added. */
const PARTS = ['project', 'currency', 'prices', 'free', 'rounding', 'validFrom', 'validUntil'] as const;
const GIVEN = ['name', 'version', 'addedAt'];

/** A rate card in the form of `doze rate show --json`. The agent checks what is in it. @throws USAGE */
export async function readRateFile(file: string): Promise<RateCardRequest> {
  const text = await readInput(file, 'the rate card');
  const card = parseObject(text);
  const place = file === '-' ? 'stdin' : file;
  if (card === null) {
    throw new DozeError('USAGE', `${place} is not a JSON object`, {
      hint: 'doze rate show NAME --json shows the form',
    });
  }
  const unknown = Object.keys(card).find((key) => !PARTS.some((part) => part === key) && !GIVEN.includes(key));
  if (unknown !== undefined) {
    throw new DozeError('USAGE', `${place} has "${unknown}", which no rate card has`, {
      hint: `use ${PARTS.join(', ')}`,
    });
  }
  return Object.fromEntries(PARTS.filter((part) => part in card).map((part) => [part, card[part]]));
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
