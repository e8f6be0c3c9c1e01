import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  createConfiguration,
  createContexts,
  readEnvironment,
  type NamedContext,
} from '../../../src/lib/config/index.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const PROD: NamedContext = {
  name: 'prod',
  url: 'https://db.example:7443',
  fingerprint: null,
  token: 'doze_x',
  project: 'shop',
  role: 'operate',
  tokenName: 'laptop',
  addedAt: '2026-01-01T00:00:00.000Z',
};

describe('contexts', () => {
  it('are kept in a file for its owner only, by name, one in place of the other', async () => {
    using directory = createTemporaryDirectory();
    const contextsFile = join(directory.path, 'home', 'contexts.json');
    const contexts = createContexts({ contextsFile });
    expect(contexts.list()).toEqual([]);
    await contexts.put({ ...PROD, name: 'test' });
    await contexts.put(PROD);
    await contexts.put({ ...PROD, project: null });
    expect(contexts.list().map(({ name, project }) => [name, project])).toEqual([
      ['prod', null],
      ['test', 'shop'],
    ]);
    expect(statSync(contextsFile).mode & 0o777).toBe(0o600);
    expect(await contexts.remove('test')).toBe(true);
    expect(await contexts.remove('test')).toBe(false);
    expect(contexts.require('prod')).toEqual({ ...PROD, project: null });
    for (const name of ['test', '__proto__', 'constructor']) {
      expect(() => contexts.require(name)).toThrow(expect.objectContaining({ code: 'CONTEXT_NOT_FOUND' }) as Error);
    }
  });

  it.each(['{', '[]', '{"prod": 1}', '{"prod": {"url": "nonsense"}}'])(
    'that are not as doze writes them (%s) are not overwritten',
    async (text) => {
      using directory = createTemporaryDirectory();
      const contextsFile = join(directory.path, 'contexts.json');
      writeFileSync(contextsFile, text);
      const contexts = createContexts({ contextsFile });
      expect(() => contexts.list()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error);
      await expect(contexts.put(PROD)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      expect(readFileSync(contextsFile, 'utf8')).toBe(text);
    },
  );

  it('are chosen by flag, environment or setting, by any name that can be one', () => {
    using directory = createTemporaryDirectory();
    const environment = (more: Record<string, string> = {}) => readEnvironment({ DOZE_HOME: directory.path, ...more });
    expect(createConfiguration(environment()).value('context')).toBe('local');
    expect(createConfiguration(environment({ DOZE_CONTEXT: 'prod' })).value('context')).toBe('prod');
    expect(createConfiguration(environment({ DOZE_CONTEXT: 'prod' }), { context: 'test' }).value('context')).toBe(
      'test',
    );
    expect(() => createConfiguration(environment({ DOZE_CONTEXT: '../x' })).value('context')).toThrow('not local, or');
  });
});

describe('where the API listens', () => {
  it.each([
    ['0.0.0.0:7443', { host: '0.0.0.0', port: 7443 }],
    ['[::]:7443', { host: '::', port: 7443 }],
    ['db.example:1', { host: 'db.example', port: 1 }],
    ['', null],
  ])('is read of %j', (typed, expected) => {
    const environment = readEnvironment({ DOZE_HOME: '/nowhere' });
    expect(createConfiguration(environment, { listen: typed }).value('listen')).toEqual(expected);
  });

  it.each(['7443', ':7443', 'db.example', 'db.example:0', 'db.example:70000', '::1:7443', 'https://db.example:7443'])(
    'is not %j',
    (typed) => {
      const environment = readEnvironment({ DOZE_HOME: '/nowhere' });
      expect(() => createConfiguration(environment, { listen: typed }).value('listen')).toThrow(
        'is not an address and a port',
      );
    },
  );
});
