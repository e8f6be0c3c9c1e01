import { describe, expect, it } from 'vitest';

import { parseAgentUrl } from '../../../src/lib/cli/contexts/parse-url.ts';
import { readToken } from '../../../src/lib/cli/contexts/read-token.ts';
import { createAuditWatch } from '../../../src/lib/cli/views/audit-watch.ts';
import type { AuditView } from '../../../src/lib/api/client/index.ts';
import { parseFingerprint, writeFingerprint } from '../../../src/lib/domain/index.ts';

const TOKEN = `doze_${'0a'.repeat(32)}`;

describe('the address of an agent', () => {
  it.each([
    ['https://db.example:7443', 'https://db.example:7443'],
    ['https://DB.example:7443/', 'https://db.example:7443'],
    ['https://db.example', 'https://db.example'],
    ['https://[::1]:7443', 'https://[::1]:7443'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(parseAgentUrl(typed)).toBe(kept);
  });

  it.each([
    'db.example:7443',
    'http://db.example:7443',
    'https://',
    'https://u:p@db.example',
    'https://db.example/v1',
    'https://db.example?x',
    'https://db.example#x',
    '',
  ])('is not %j', (typed) => {
    expect(() => parseAgentUrl(typed)).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }) as Error);
  });
});

describe('a fingerprint', () => {
  const written = writeFingerprint(Buffer.alloc(32, 7));
  it('is read as it is written, with padding or without', () => {
    expect(written).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect([written, `${written}=`, ` ${written.replace('SHA256', 'sha256')} `].map(parseFingerprint)).toEqual([
      written,
      written,
      written,
    ]);
  });

  it.each(['', 'SHA256:', 'SHA256:short', `MD5:${'A'.repeat(43)}`, 'A'.repeat(43), `SHA256:${'-'.repeat(43)}`])(
    'is not %j',
    (typed) => {
      expect(() => parseFingerprint(typed)).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }) as Error);
    },
  );
});

describe('the token of a context', () => {
  it('comes from a file before the environment, and is asked for at last', async () => {
    const ask = () => Promise.resolve(TOKEN);
    expect(await readToken({ file: undefined, environment: ` ${TOKEN}\n`, ask })).toEqual({
      secret: TOKEN,
      isKept: false,
    });
    expect(await readToken({ file: undefined, environment: undefined, ask })).toEqual({ secret: TOKEN, isKept: true });
    const none = readToken({ file: undefined, environment: undefined, ask: null });
    await expect(none).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('that is none is refused without a word of it', async () => {
    const refused = await readToken({ file: undefined, environment: 'hunter2', ask: null }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'VALUE_INVALID' });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('hunter2');
  });
});

describe('who follows the audit trail', () => {
  it('sees each entry once, when it has its end, and does not wait for one that will have none', () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const entry = (seq: number, status: number | null): AuditView => ({
      ...{ seq, at: new Date(Date.UTC(2026, 0, 1)).toISOString(), who: 'ci', tokenId: 't1', from: '10.0.0.1' },
      ...{ method: 'POST', route: '/v1/x', target: '', project: null, status, code: null, count: 1 },
    });
    const watch = createAuditWatch(() => nowMs);
    const seen = (entries: readonly AuditView[]) => watch.take(entries).map(({ seq }) => seq);
    expect(seen([entry(1, 200), entry(2, null), entry(3, 200)])).toEqual([1, 3]);
    expect(watch.after()).toBe(1);
    expect(seen([entry(2, null), entry(3, 200), entry(4, 200)])).toEqual([4]);
    expect(seen([entry(2, 200), entry(3, 200), entry(4, 200)])).toEqual([2]);
    expect(watch.after()).toBe(4);
    expect(seen([entry(5, null)])).toEqual([]);
    nowMs += 21 * 60_000;
    expect(seen([entry(5, null)])).toEqual([5]);
    expect(seen([])).toEqual([]);
    expect(watch.after()).toBe(5);
  });
});
