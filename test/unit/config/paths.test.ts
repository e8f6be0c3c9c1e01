import { describe, expect, it } from 'vitest';

import { resolvePaths, type Place } from '../../../src/lib/config/index.ts';

const place: Place = { platform: 'linux', homeDirectory: '/home/ann', workingDirectory: '/somewhere' };

describe('where doze keeps its files', () => {
  it.each<[string, Partial<Place>, string]>([
    ['the XDG default below the home directory', {}, '/home/ann/.local/share/doze'],
    ['XDG_DATA_HOME', { xdgDataHome: '/data' }, '/data/doze'],
    ['the default when XDG_DATA_HOME is relative', { xdgDataHome: 'data' }, '/home/ann/.local/share/doze'],
    ['Application Support on macOS', { platform: 'darwin' }, '/home/ann/Library/Application Support/doze'],
    ['DOZE_HOME before all others', { dozeHome: '/srv/d', xdgDataHome: '/data' }, '/srv/d'],
    ['a relative DOZE_HOME below the working directory', { dozeHome: 'here' }, '/somewhere/here'],
    ['the default when DOZE_HOME is empty', { dozeHome: '' }, '/home/ann/.local/share/doze'],
  ])('is %s', (_title, changes, home) => {
    expect(resolvePaths({ ...place, ...changes }).home).toBe(home);
  });

  it('is all below the home', () => {
    const { home, ...files } = resolvePaths({ ...place, dozeHome: '/srv/d' });
    for (const file of Object.values(files)) expect(file.startsWith(`${home}/`)).toBe(true);
  });
});

describe('the path of the socket', () => {
  const socketFor = (dozeHome: string, platform: NodeJS.Platform = 'linux'): string =>
    resolvePaths({ ...place, platform, dozeHome }).socket;
  const longest = (limit: number): string => `/${'x'.repeat(limit - '/agent.sock'.length - 1)}`;

  it('is in the home while the system can bind a path of that length', () => {
    expect(socketFor(longest(107))).toBe(`${longest(107)}/agent.sock`);
    expect(socketFor(longest(103), 'darwin')).toBe(`${longest(103)}/agent.sock`);
  });

  it('moves to a short directory of its own when the path is one byte too long', () => {
    expect(socketFor(longest(108))).toMatch(/^\/tmp\/doze-[0-9a-f]{16}\/agent\.sock$/);
    expect(socketFor(longest(104), 'darwin')).toMatch(/^\/tmp\/doze-[0-9a-f]{16}\/agent\.sock$/);
  });

  it('counts bytes and not characters', () => {
    expect(socketFor(`/${'ü'.repeat(50)}`)).toMatch(/^\/tmp\/doze-/);
  });

  it('differs for two homes and is the same for one', () => {
    const one = socketFor(`${longest(120)}a`);
    expect(socketFor(`${longest(120)}a`)).toBe(one);
    expect(socketFor(`${longest(120)}b`)).not.toBe(one);
  });
});
