import { describe, expect, it } from 'vitest';

import { chooseSuite, sourcesFor, type HostSystem } from '../../../../src/lib/drivers/docker/debian-sources.ts';

const DEB822 = `Types: deb deb-src
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
const ONE_LINE = `# comment
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm main non-free
deb-src http://mirror.example/debian bookworm main
`;
const OTHERS = `deb https://dl.example/linux/debian bookworm stable
deb [signed-by=/etc/apt/keyrings/mariadb.gpg] https://repo.example/11.4/debian bookworm main
`;

function debian(...aptSources: string[]): HostSystem {
  return { osRelease: 'ID=debian\nVERSION_CODENAME=bookworm\n', aptSources };
}
const FEDORA: HostSystem = { osRelease: 'ID=fedora\n', aptSources: [] };

describe("the image builder's choice of a Debian", () => {
  it.each([
    ['10.11', 'bookworm'],
    ['11.8', 'trixie'],
  ])('takes for %s the suite %s', (version, suite) => {
    expect(chooseSuite(version, FEDORA)).toEqual({ suite, version });
  });

  it('has none for a version that no Debian has', () => {
    expect(chooseSuite('10.5', debian())).toBeNull();
  });

  it("takes the host's own without a version", () => {
    const trixie = { osRelease: 'ID=debian\nVERSION_CODENAME=trixie\n', aptSources: [] };
    expect(chooseSuite(null, trixie)).toEqual({ suite: 'trixie', version: '11.8' });
  });

  it('takes bookworm without a version on any other system', () => {
    expect(chooseSuite(null, FEDORA)).toEqual({ suite: 'bookworm', version: '10.11' });
  });
});

describe("the image builder's package sources", () => {
  it("are the host's own mirror, with its updates and security fixes", () => {
    expect(sourcesFor('bookworm', debian(DEB822))).toBe(
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n' +
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n' +
        'Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\n' +
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
    );
  });

  it('are read from the one-line form too', () => {
    expect(sourcesFor('bookworm', debian(ONE_LINE))).toContain(
      'URIs: http://mirror.example/debian\nSuites: bookworm\n',
    );
  });

  it('are turned to another suite of the same mirror', () => {
    const sources = sourcesFor('trixie', debian(DEB822));
    expect(sources).toContain('Suites: trixie trixie-updates\n');
    expect(sources).toContain('Suites: trixie-security\n');
    expect(sources).not.toContain('bookworm');
  });

  it('leave the repositories of others out', () => {
    expect(sourcesFor('bookworm', debian(OTHERS))).toBeNull();
  });

  it('are left to mmdebstrap on any other system', () => {
    expect(sourcesFor('bookworm', FEDORA)).toBeNull();
  });
});
