import { describe, expect, it } from 'vitest';

import type { Account } from '../../../src/lib/domain/index.ts';
import { candidateAccounts, hostGenerality, matchesHost } from '../../../src/lib/mysql/index.ts';

describe('the host part of an account', () => {
  it.each([
    ['%', '10.0.0.7', true],
    ['', '10.0.0.7', true],
    ['10.0.0.7', '10.0.0.7', true],
    ['10.0.0.7', '10.0.0.70', false],
    ['10.0.%', '10.0.3.4', true],
    ['10.0.%', '10.1.3.4', false],
    ['10.0.0._', '10.0.0.7', true],
    ['10.0.0._', '10.0.0.77', false],
    ['%.7', '10.0.0.7', true],
    ['1%0%7', '10.0.0.7', true],
    ['10.0.0.0/255.255.255.0', '10.0.0.200', true],
    ['10.0.0.0/255.255.255.0', '10.0.1.200', false],
    ['192.0.2.0/255.255.255.128', '192.0.2.127', true],
    ['192.0.2.0/255.255.255.128', '192.0.2.128', false],
    ['localhost', '127.0.0.1', false],
    ['localhost', 'localhost', true],
    ['LOCALHOST', 'localhost', true],
    ['a\\_b', 'a_b', true],
    ['a\\_b', 'axb', false],
    ['::1', '::1', true],
    ['10.0.0.0/255.255.255.0', '::1', false],
  ])('%j means %j: %j', (pattern, address, expected) => {
    expect(matchesHost(pattern, address)).toBe(expected);
  });

  it('costs little even when it is hostile', () => {
    expect(matchesHost('%a'.repeat(500), 'a'.repeat(2_000) + 'b')).toBe(false);
  });
});

describe('the order in which accounts are tried', () => {
  // As a real 10.11.19 sorts them; the integration test asks one.
  it('goes from the most specific host to the most general', () => {
    const hosts = ['%', '127.%', '127.0.0.1', '127.0.0.%', '1__.0.0.1', '127.0.0._', '%.1'];
    const sorted = hosts.toSorted((left, right) => Number(hostGenerality(left) - hostGenerality(right)));
    expect(sorted[0]).toBe('127.0.0.1');
    expect(sorted.at(-1)).toBe('%');
    expect(sorted.indexOf('127.0.0._')).toBeLessThan(sorted.indexOf('127.0.0.%'));
    expect(sorted.indexOf('127.0.0.%')).toBeLessThan(sorted.indexOf('127.%'));
  });

  const account = (user: string, host: string): Account => ({
    user,
    host,
    methods: [],
    isLocked: false,
    isPasswordExpired: false,
    requiresTls: false,
    requiresCertificate: false,
    maxConnections: 0,
    passesLimits: false,
  });

  it('takes one account only, when the address is known', () => {
    const accounts = [account('app', '%'), account('app', '10.0.%'), account('app', '10.0.0.7'), account('other', '%')];
    expect(candidateAccounts(accounts, 'app', '10.0.0.7').map(({ host }) => host)).toEqual(['10.0.0.7']);
    expect(candidateAccounts(accounts, 'app', '10.0.0.8').map(({ host }) => host)).toEqual(['10.0.%']);
    expect(candidateAccounts(accounts, 'app', '192.0.2.1').map(({ host }) => host)).toEqual(['%']);
    expect(candidateAccounts(accounts, 'nobody', '192.0.2.1')).toEqual([]);
  });

  it('takes an address and a network that contains it for alike, as their order at the server is undefined', () => {
    const accounts = [account('app', '10.0.0.0/255.255.255.0'), account('app', '%'), account('app', '10.0.0.7')];
    expect(candidateAccounts(accounts, 'app', '10.0.0.7').length).toBe(2);
  });

  it('puts the anonymous user of a more specific host before the named one of a general host, as the server does', () => {
    const accounts = [account('app', '%'), account('', '10.0.0.7')];
    expect(candidateAccounts(accounts, 'app', '10.0.0.7').map(({ user }) => user)).toEqual(['']);
    expect(candidateAccounts(accounts, 'app', '10.0.0.8').map(({ user }) => user)).toEqual(['app']);
  });

  it('takes all that an address could match, when it is not known', () => {
    const accounts = [account('app', '%'), account('app', 'localhost'), account('app', '10.0.%')];
    expect(candidateAccounts(accounts, 'app', null).map(({ host }) => host)).toEqual(['10.0.%', '%']);
  });
});
