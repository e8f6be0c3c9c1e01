import { isIPv4, isIPv6 } from 'node:net';

/** An address and port of TCP. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const VERSION_2_PROXY = 0x21;
const TCP_OVER_IPV4 = 0x11;
const TCP_OVER_IPV6 = 0x21;

/**
 * The header of the PROXY protocol, version 2, by which a server takes a connection for one of `client`: what `USER()`,
 * grants by host and its logs then show. MariaDB reads it in front of the client's first packet, after its own greeting.
 * Source: haproxy.org, proxy-protocol.txt, section 2.2.
 * @returns null for an address that is none of IP, such as that of a local socket
 */
export function writeProxyHeader(client: SocketAddress, server: SocketAddress): Buffer | null {
  if (isIPv4(client.address) && isIPv4(server.address)) return header(TCP_OVER_IPV4, client, server, ipv4Bytes);
  if (isIp(client.address) && isIp(server.address)) return header(TCP_OVER_IPV6, client, server, ipv6Bytes);
  return null;
}

function header(
  family: number,
  client: SocketAddress,
  server: SocketAddress,
  bytesOf: (address: string) => Buffer,
): Buffer {
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(client.port, 0);
  ports.writeUInt16BE(server.port, 2);
  const addresses = Buffer.concat([bytesOf(client.address), bytesOf(server.address), ports]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(addresses.length);
  return Buffer.concat([SIGNATURE, Buffer.from([VERSION_2_PROXY, family]), length, addresses]);
}

function isIp(address: string): boolean {
  return isIPv4(address) || isIPv6(address);
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** Also of an IPv4 address, as ::ffff:10.0.0.7: both ends of a header are of one family. */
function ipv6Bytes(address: string): Buffer {
  const [plain = ''] = address.split('%');
  const dotted = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  const tail = dotted === undefined ? Buffer.alloc(0) : ipv4Bytes(dotted);
  if (dotted === plain) return Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), tail]);
  const groups = plain.slice(0, plain.length - (dotted?.length ?? 0));
  const [before = '', after = ''] = groups.split('::');
  const head = groupBytes(before);
  const rest = Buffer.concat([groupBytes(after), tail]);
  return Buffer.concat([head, Buffer.alloc(16 - head.length - rest.length), rest]);
}

function groupBytes(groups: string): Buffer {
  const bytes = groups
    .split(':')
    .filter((group) => group !== '')
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff]);
  return Buffer.from(bytes);
}
