import { expect, it } from 'vitest';

import { writeProxyHeader } from '../../../src/lib/mysql/index.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';

function hexOf(client: string, server: string): string | undefined {
  return writeProxyHeader({ address: client, port: 0x1234 }, { address: server, port: 3306 })?.toString('hex');
}

it('has both ends of a connection over IPv4', () => {
  expect(hexOf('10.0.0.7', '172.20.0.2')).toBe(`${SIGNATURE}2111000c0a000007ac14000212340cea`);
});

it.each([
  ['2001:db8::7', '20010db8000000000000000000000007'],
  ['::1', '00000000000000000000000000000001'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['::ffff:10.0.0.7', '00000000000000000000ffff0a000007'],
  ['64:ff9b::10.0.0.7', '0064ff9b00000000000000000a000007'],
])('has both ends of a connection over IPv6: %s', (client, bytes) => {
  expect(hexOf(client, '::1')).toBe(`${SIGNATURE}21210024${bytes}0000000000000000000000000000000112340cea`);
});

it('has both ends in one family when a client over IPv6 is for a server over IPv4', () => {
  expect(hexOf('::1', '127.0.0.1')).toBe(
    `${SIGNATURE}212100240000000000000000000000000000000100000000000000000000ffff7f00000112340cea`,
  );
});

it('is none for what has no address', () => {
  expect(hexOf('', '127.0.0.1')).toBeUndefined();
  expect(hexOf('127.0.0.1', '/run/mysqld.sock')).toBeUndefined();
});
