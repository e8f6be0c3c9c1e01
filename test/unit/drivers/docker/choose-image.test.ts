import { describe, expect, it } from 'vitest';

import { chooseImage } from '../../../../src/lib/drivers/docker/choose-image.ts';
import { describeImage } from '../../../../src/lib/drivers/docker/image-list.ts';
import { withTag } from '../../../../src/lib/drivers/docker/pull-image.ts';
import { officialVersion } from '../../../../src/lib/drivers/docker/official-version.ts';

const BUILT = { reference: 'doze/mariadb:10.11', engine: 'mariadb', version: '10.11', origin: 'built' } as const;
const OLDER = { reference: 'mariadb:10.6', engine: 'mariadb', version: '10.6', origin: 'official' } as const;
const NEWER = { reference: 'mariadb:11.8', engine: 'mariadb', version: '11.8', origin: 'official' } as const;
const VERSIONS = ['11.8', '10.11', '10.6'];

describe('the choice of an image', () => {
  it("prefers one that was built here to the vendor's", () => {
    expect(chooseImage([OLDER, NEWER, BUILT], 'mariadb', VERSIONS)).toBe('doze/mariadb:10.11');
  });

  it('takes the newest version line otherwise', () => {
    expect(chooseImage([OLDER, NEWER], 'mariadb', VERSIONS)).toBe('mariadb:11.8');
  });

  it('takes no other version than the one asked for', () => {
    expect(chooseImage([BUILT, NEWER], 'mariadb', ['10.6'])).toBeNull();
  });

  it('takes no image of another engine', () => {
    expect(chooseImage([BUILT], 'mysql', VERSIONS)).toBeNull();
  });
});

describe("the version in an image's name", () => {
  it.each([
    ['mariadb:10.11', '10.11'],
    ['mariadb:10.11.6-jammy', '10.11'],
    ['docker.io/library/mariadb:11.8', '11.8'],
    ['mariadb:latest', null],
    ['someone/mariadb:10.11', null],
    ['postgres:16.1', null],
  ])('of %s is %s', (reference, version) => {
    expect(officialVersion(reference)).toBe(version);
  });
});

describe('an image in the list', () => {
  const image = { Id: 'sha256:1', RepoTags: ['doze/mariadb:10.11'], Labels: {}, Size: 170, Created: 1_700_000_000 };

  it('is known as ours by its labels', () => {
    const labels = { 'doze.engine': 'mariadb', 'doze.version': '10.11' };
    expect(describeImage({ ...image, Labels: labels })).toEqual([
      { ...BUILT, id: 'sha256:1', sizeBytes: 170, createdAtMs: 1_700_000_000_000 },
    ]);
  });

  it('is passed over when it is no database server, or has neither names nor labels', () => {
    const nothing = null as unknown as [];
    expect(describeImage({ ...image, RepoTags: ['node:24'] })).toEqual([]);
    expect(
      describeImage({ ...image, RepoTags: nothing, Labels: nothing as unknown as Record<string, string> }),
    ).toEqual([]);
  });
});

describe('the name of an image that is pulled', () => {
  it.each([
    ['mariadb', 'mariadb:latest'],
    ['mariadb:10.11', 'mariadb:10.11'],
    ['registry:5000/mariadb', 'registry:5000/mariadb:latest'],
    ['registry:5000/mariadb:10.11', 'registry:5000/mariadb:10.11'],
    ['mariadb@sha256:0123', 'mariadb@sha256:0123'],
  ])('%s becomes %s', (reference, pulled) => {
    expect(withTag(reference)).toBe(pulled);
  });
});
