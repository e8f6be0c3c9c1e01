import { describe, expect, it } from 'vitest';

import type { OperationResult } from '../../../src/lib/api/client/index.ts';
import { operationJson, operationText } from '../../../src/lib/cli/views/index.ts';
import { VIEW } from '../api/fake-services.ts';

const TIER = { pageServer: 'ps-main', safekeepers: 'sk-main' };

function result(changes: Partial<OperationResult> = {}, view: Partial<typeof VIEW> = {}): OperationResult {
  return { compute: { ...VIEW, ...view }, changed: true, action: 'resumed', tookMs: 164, notes: [], ...changes };
}

describe('what an operation did', () => {
  it.each([
    [result(), 'shop resumed in 164 ms'],
    [
      result({ action: 'created', tookMs: 1234 }, { version: '10.11.19-MariaDB' }),
      'shop created in 1.2 s (fake, mariadb 10.11.19)',
    ],
    [result({ action: 'suspended' }, { state: 'suspended', depth: 'parked' }), 'shop suspended in 164 ms (parked)'],
    [result({ action: 'unchanged' }), 'shop is already active'],
    [result({ action: 'unchanged' }, { state: 'suspended', depth: 'frozen' }), 'shop is already suspended (frozen)'],
    [
      result({ action: 'destroyed' }, { state: 'destroyed', keptUntil: '2026-01-02T00:00:00.000Z' }),
      'shop destroyed; its data is kept until 2026-01-02T00:00:00Z (doze compute start shop --restore)',
    ],
    [result({ action: 'purged' }, { state: 'destroyed' }), 'shop destroyed, its data deleted'],
    [
      result({ action: 'destroyed' }, { state: 'destroyed', storage: TIER, keptUntil: '2026-01-02T00:00:00.000Z' }),
      'shop destroyed; its data stays in the storage tier, and until 2026-01-02T00:00:00Z it can come back ' +
        '(doze compute start shop --restore)',
    ],
    [
      result({ action: 'purged' }, { state: 'destroyed', storage: TIER }),
      'shop destroyed, its data stays in the storage tier',
    ],
  ])('is told in one sentence', (operation, text) => {
    expect(operationText(operation)).toBe(text);
  });

  it('is the compute and the outcome side by side as JSON', () => {
    expect(operationJson(result())).toMatchObject({ name: 'shop', state: 'active', action: 'resumed', changed: true });
  });
});
