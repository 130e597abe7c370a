import { BlockList, isIP } from 'node:net';

/** Of networks that belong to somebody: reachable where an operator says so. RFC 1918, RFC 4193. */
const own = listOf('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

/**
 * Never another machine's web server, or the cloud's metadata: loopback, link-local, shared, translated, documentation, multicast.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const special = listOf(
  ...['0.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24'],
  ...['192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', 'fd00:ec2::/32', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
);

/** All that is handed out in IPv6; what only wraps an IPv4 address is outside of it. */
const global = listOf('2000::/3');

/** `public`: on the Internet. `own`: of a private network. `never`: this machine, its neighbours, metadata, or no address. */
export function spaceOf(address: string): 'public' | 'own' | 'never' {
  const family = isIP(address);
  if (family === 0) return 'never';
  const name = family === 6 ? 'ipv6' : 'ipv4';
  if (special.check(address, name)) return 'never';
  if (own.check(address, name)) return 'own';
  return family === 4 || global.check(address, name) ? 'public' : 'never';
}

function listOf(...ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
