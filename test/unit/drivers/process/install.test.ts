import { describe, expect, it } from 'vitest';

import { installHint, planInstall, type PlatformFacts } from '../../../../src/lib/drivers/process/install.ts';

function plan(facts: Partial<PlatformFacts>): string {
  return installHint(planInstall({ managers: [], isRoot: false, hasSudo: true, ...facts }));
}

describe('the plan to install a server', () => {
  it('on Debian asks for the server without its service, after an update', () => {
    expect(plan({ managers: ['apt-get'], isRoot: true })).toBe(
      'apt-get update && env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends mariadb-server-core',
    );
  });

  it('goes through sudo when we are not root', () => {
    expect(plan({ managers: ['dnf'] })).toBe('sudo dnf install --assumeyes mariadb-server');
  });

  it('never runs Homebrew as root', () => {
    expect(plan({ managers: ['brew'] })).toBe('brew install mariadb');
  });

  it("takes the system's own package manager where there are several", () => {
    expect(plan({ managers: ['apt-get', 'brew'], isRoot: true })).toMatch(/^apt-get/);
  });

  it('does not exist where we may not install, or know no way to', () => {
    expect(planInstall({ managers: ['apt-get'], isRoot: false, hasSudo: false })).toBeNull();
    expect(planInstall({ managers: [], isRoot: true, hasSudo: true })).toBeNull();
  });
});
