import { chmodSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createStore } from '../../../src/lib/store/index.ts';
import { KNOWN_VERSION } from '../../../src/lib/store/migrations.ts';
import { createActive, suspend, wake } from '../../support/store-life.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const PAGE_BYTES = 4096;

function withPath(run: (path: string, directory: string) => void): void {
  using directory = createTemporaryDirectory();
  run(`${directory.path}/state/doze.db`, directory.path);
}

/** A closed database with a few pages in it. */
function makeDatabase(path: string): void {
  const store = createStore({ path });
  for (let n = 0; n < 40; n += 1) createActive(store, `c${n}`, 1000);
  store.close();
}

function changeBySql(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

function refusalOf(path: string): DozeError {
  try {
    createStore({ path, busyTimeoutMs: 20 }).close();
  } catch (error) {
    if (error instanceof DozeError) return error;
    throw error;
  }
  return expect.fail('it was opened');
}

/** Opening fails with this code, and the file is byte for byte what it was. */
function expectRefused(path: string, code: DozeError['code']): DozeError {
  const before = readFileSync(path);
  const refusal = refusalOf(path);
  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(path);
  expect(readFileSync(path).equals(before)).toBe(true);
  return refusal;
}

describe('opening a database', () => {
  it('makes it and its directory, for nobody else to read', () => {
    withPath((path, directory) => {
      const store = createStore({ path });
      for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(`${directory}/state`).mode & 0o777).toBe(0o700);
      store.close();
    });
  });

  it('takes the permissions of others away', () => {
    withPath((path) => {
      makeDatabase(path);
      chmodSync(path, 0o644);
      createStore({ path }).close();
      expect(statSync(path).mode & 0o777).toBe(0o600);
    });
  });

  it('finds everything again', () => {
    withPath((path) => {
      const store = createStore({ path });
      const homeId = store.homeId;
      createActive(store, 'c1', 1000);
      suspend(store, 'c1', 2000, 1000);
      const woken = wake(store, 'c1', 3000);
      const segment = store.openSegment('c1');
      store.close();
      store.close();
      const again = createStore({ path });
      expect(again.homeId).toBe(homeId);
      expect(again.getCompute('c1')).toEqual(woken);
      expect(again.openSegment('c1')).toEqual(segment);
      expect(again.verify().isConsistent).toBe(true);
      again.close();
    });
  });

  it('gives every home an id of its own', () => {
    const [one, two] = [createStore({ path: ':memory:' }), createStore({ path: ':memory:' })];
    expect(one.homeId).not.toBe(two.homeId);
  });

  it('starts an empty file as a new database', () => {
    withPath((path) => {
      makeDatabase(path);
      truncateSync(path, 0);
      const store = createStore({ path });
      expect(store.listComputes()).toEqual([]);
      store.close();
    });
  });
});

describe('a database that cannot be used', () => {
  it('is refused when a newer doze wrote it, naming both versions', () => {
    withPath((path) => {
      makeDatabase(path);
      changeBySql(path, 'PRAGMA user_version = 42; DROP TABLE heartbeats');
      const refusal = expectRefused(path, 'STORE_NEWER');
      expect(refusal.message).toContain('version 42');
      expect(refusal.message).toContain(`up to ${KNOWN_VERSION}`);
      expect(refusal.hint).toContain('DOZE_HOME=');
    });
  });

  it('is refused when a newer doze wrote it and was killed', () => {
    withPath((path, directory) => {
      makeDatabase(path);
      const db = new DatabaseSync(path);
      db.exec('PRAGMA user_version = 42');
      const killed = `${directory}/killed.db`;
      for (const suffix of ['', '-wal']) writeFileSync(killed + suffix, readFileSync(path + suffix));
      db.close();
      expectRefused(killed, 'STORE_NEWER');
      expect(existsSync(`${killed}-wal`)).toBe(true);
    });
  });

  it('is refused when a page is overwritten', () => {
    withPath((path) => {
      makeDatabase(path);
      const bytes = readFileSync(path);
      bytes.fill(0xff, 5 * PAGE_BYTES, 6 * PAGE_BYTES);
      writeFileSync(path, bytes);
      const refusal = expectRefused(path, 'STORE_DAMAGED');
      expect(refusal.hint).toContain(`mv ${path} ${path}.damaged`);
    });
  });

  it('is refused when its end is missing', () => {
    withPath((path) => {
      makeDatabase(path);
      truncateSync(path, statSync(path).size - 3 * PAGE_BYTES);
      expectRefused(path, 'STORE_DAMAGED');
    });
  });

  it.each([
    ['text', 'this is not a database, and long enough to be told from one that was never written to'],
    ['a few bytes', 'damaged'],
    ['zeros', '\0'.repeat(8192)],
  ])('is refused when it is %s', (_, content) => {
    withPath((path) => {
      makeDatabase(path);
      writeFileSync(path, content);
      expectRefused(path, 'STORE_DAMAGED');
    });
  });

  it("is refused when it is another program's", () => {
    withPath((path) => {
      makeDatabase(path);
      writeFileSync(path, '');
      changeBySql(path, 'CREATE TABLE bookmarks (url TEXT)');
      expect(expectRefused(path, 'STORE_DAMAGED').message).toContain('bookmarks');
    });
  });

  it('works again once the damaged file is moved away', () => {
    withPath((path) => {
      makeDatabase(path);
      writeFileSync(path, 'damaged');
      expectRefused(path, 'STORE_DAMAGED');
      writeFileSync(`${path}.damaged`, readFileSync(path));
      truncateSync(path, 0);
      createStore({ path }).close();
    });
  });

  it('is refused while another process has it locked', () => {
    withPath((path) => {
      makeDatabase(path);
      const other = new DatabaseSync(path);
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      const refusal = refusalOf(path);
      expect(refusal.code).toBe('STORE_BUSY');
      expect(refusal.entry.retryable).toBe(true);
      other.close();
      createStore({ path }).close();
    });
  });

  it('is refused with a hint when its directory cannot be made', () => {
    withPath((_, directory) => {
      writeFileSync(`${directory}/file`, '');
      const refusal = refusalOf(`${directory}/file/doze.db`);
      expect(refusal.code).toBe('STORE_UNUSABLE');
      expect(refusal.hint).toContain('ls -la');
    });
  });

  it('is found out while running when a compute cannot be read', () => {
    withPath((path) => {
      const store = createStore({ path });
      createActive(store, 'c1', 1);
      changeBySql(path, "UPDATE computes SET doc = '{'");
      expect(() => store.getCompute('c1')).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
      store.close();
    });
  });
});
