import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { asStoreErrors } from '../../../src/lib/store/store-error.ts';

const PATH = '/home/somebody/.doze/doze.db';

describe('what goes wrong below the store', () => {
  it('is a full disk when SQLite can write no more', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE filling (value BLOB); PRAGMA max_page_count = 10');
    const fill = () => asStoreErrors(PATH, () => db.exec('INSERT INTO filling VALUES (randomblob(1000000))'));
    expect(fill).toThrow(expect.objectContaining({ code: 'DISK_FULL', message: expect.stringContaining(PATH) }));
  });

  it('is a full disk when the file cannot even be made', () => {
    const enospc = Object.assign(new SystemFault('write'), { code: 'ENOSPC', syscall: 'open' });
    expect(() => asStoreErrors(PATH, () => raise(enospc))).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
  });

  it('is unusable when the file may only be read', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE fixed (value TEXT); PRAGMA query_only = ON');
    expect(() => asStoreErrors(PATH, () => db.exec('INSERT INTO fixed VALUES (1)'))).toThrow(
      expect.objectContaining({ code: 'STORE_UNUSABLE', cause: expect.any(Error) }),
    );
  });

  it('stays what it is when it is ours already', () => {
    const conflict = new DozeError('STATE_CONFLICT', 'not now');
    expect(() => asStoreErrors(PATH, () => raise(conflict))).toThrow(conflict);
  });

  it('stays what it is when the database has nothing to do with it', () => {
    const bug = new TypeError('a bug');
    expect(() => asStoreErrors(PATH, () => raise(bug))).toThrow(bug);
  });
});

/** As the file system throws. */
class SystemFault extends Error {}

function raise(error: unknown): never {
  throw error;
}
