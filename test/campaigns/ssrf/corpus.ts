/** Stored by an operator, and the one host of Teams: what may be sent to, exactly so. */
export const STORED = 'https://hooks.example.com/services/stored-by-an-admin';
export const TEAMS = 'https://smba.trafficmanager.net';

/** Where nothing may be sent: this machine, its neighbours, the cloud's metadata, no place at all. */
export const HIDDEN_4 = [
  ...['127.0.0.1', '127.0.0.2', '127.8.8.8', '0.0.0.0', '10.0.0.1', '10.255.0.9', '172.16.0.1', '172.31.255.254'],
  ...['192.168.0.1', '169.254.169.254', '169.254.170.2', '169.254.0.1', '100.64.0.1', '100.100.100.200', '192.0.0.192'],
  ...['198.18.0.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
] as const;
export const HIDDEN_6 = [
  ...['::1', '::', '::ffff:127.0.0.1', '::ffff:169.254.169.254', '::127.0.0.1', '64:ff9b::a9fe:a9fe', 'fe80::1'],
  ...['fec0::1', 'fd00::1', 'fd00:ec2::254', 'ff02::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '100::1'],
] as const;

export interface Address {
  url: string;
  how: string;
  /** What its host name leads to, each time it is asked for; without an entry: this machine. */
  leadsTo?: readonly string[];
}

const octets = (address: string): number[] => address.split('.').map(Number);
const asNumber = (address: string): number => octets(address).reduce((sum, octet) => sum * 256 + octet, 0);

/** Every way to write an address that some parser takes for it. */
const NOTATIONS: Readonly<Record<string, (address: string) => string>> = {
  dotted: (address) => address,
  'as a number': (address) => String(asNumber(address)),
  hexadecimal: (address) => `0x${asNumber(address).toString(16)}`,
  octal: (address) =>
    octets(address)
      .map((octet) => `0${octet.toString(8)}`)
      .join('.'),
  short: (address) => `${octets(address)[0]}.${asNumber(address) % 2 ** 24}`,
  'with a dot at the end': (address) => `${address}.`,
  mapped: (address) => `[::ffff:${address}]`,
  'in full width': (address) => address.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  escaped: (address) => address.replaceAll('.', '%2e'),
  'after an allowed user name': (address) => `hooks.example.com@${address}`,
  'after an allowed password': (address) => `smba.trafficmanager.net:x@${address}`,
};

/** Names that begin, end or look like an allowed one. */
const LOOKALIKES = [
  ...['hooks.example.com.evil.test', 'evilhooks.example.com', 'hooks.example.comevil.test', 'hooks-example.com'],
  ...['hooks.example.co', 'example.com', 'a.hooks.example.com', 'hooks.example.com.', 'h\u043eoks.example.com'],
  ...['smba.trafficmanager.net.evil.test', 'evil-smba.trafficmanager.net', 'smba.trafficmanager.network'],
  ...['smba.trafficmanager.net%2eevil.test', 'smba.trafficmanager.net\\@evil.test', 'x.smba.trafficmanager.net'],
  ...['hooks.example.com\\@evil.test', 'hooks.example.com#@evil.test', 'localhost', 'localhost.', 'ip6-localhost'],
  ...[
    'instance-data',
    'metadata.google.internal',
    'kubernetes.default.svc',
    'LOCALHOST',
    'hooks.example.com\t.evil.test',
  ],
] as const;

/** Each with the port that is watched. */
export function corpus(port: number): Address[] {
  const hidden = [...HIDDEN_4, ...HIDDEN_6];
  const to = (host: string) => `https://${host}:${port}/services/stored-by-an-admin`;
  const written = HIDDEN_4.flatMap((address) =>
    Object.entries(NOTATIONS).map(([how, write]) => ({ url: to(write(address)), how: `${address}, ${how}` })),
  );
  return [
    ...written,
    ...HIDDEN_6.map((address) => ({ url: to(`[${address}]`), how: `[${address}]` })),
    ...LOOKALIKES.map((name) => ({ url: to(name), how: `the name ${name}` })),
    ...hidden.map((address, n) => ({ url: to(`n${n}.evil.test`), how: `a name of ${address}`, leadsTo: [address] })),
    ...HIDDEN_4.map((address, n) => ({
      ...{ url: to(`m${n}.evil.test`), how: `a name of a public address and of ${address}` },
      leadsTo: ['93.184.215.14', address],
    })),
  ];
}
