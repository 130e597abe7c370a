import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Wire } from './activities.ts';
import { encoded, goodClaims, type Issuer, KEY_ID, now, publishedKey, signed } from './issuer.ts';
import { APP_ID, BOT, TENANT } from './people.ts';

/** A request that says it comes from Teams and does not: one thing about it is wrong. */
export interface Forgery {
  name: string;
  authorization: string | string[] | undefined;
  activity: Wire;
}

export interface Target {
  issuer: Issuer;
  /** Allowed. */
  serviceUrl: string;
  /** An activity that would be taken with a good token. */
  activity: Wire;
  /** 'http://127.0.0.1:4712/', a server that nobody must ever call. */
  evilUrl: string;
}

const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const webchat = generateKeyPairSync('rsa', { modulusLength: 2048 });
const bare = generateKeyPairSync('rsa', { modulusLength: 2048 });
const small = generateKeyPairSync('rsa', { modulusLength: 1024 });

/** More than 70 kinds. Publishes the keys that some of them are signed with. */
export function forgedTokens(target: Target): Forgery[] {
  const { issuer, serviceUrl, activity } = target;
  issuer.publish([
    publishedKey(issuer.publicKey),
    publishedKey(webchat.publicKey, 'webchat', ['webchat', 'directline']),
    publishedKey(bare.publicKey, 'bare', []),
    { ...publishedKey(bare.publicKey, 'without'), endorsements: undefined },
    publishedKey(small.publicKey, 'small'),
  ]);
  const tokens = { ...shapes(issuer.token(serviceUrl)), ...algorithms(target), ...keys(target), ...claims(target) };
  return [
    ...Object.entries(tokens).map(([name, authorization]) => ({ name, authorization, activity })),
    ...Object.entries(bodies(target)).map(([name, part]) => bodyForgery(target, name, part)),
  ];
}

type Authorizations = Record<string, string | string[] | undefined>;

function shapes(good: string): Authorizations {
  const [head = '', body = '', seal = ''] = good.split('.');
  const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const reencoded = Buffer.from(JSON.stringify(json(body), null, 1)).toString('base64url');
  const last = seal.endsWith('A') ? 'B' : 'A';
  return {
    'no header': undefined,
    'an empty header': '',
    'a scheme alone': 'Bearer',
    'an empty bearer': 'Bearer ',
    'a lower-case scheme': `bearer ${good}`,
    'a scheme in capitals': `BEARER ${good}`,
    'another scheme': `Basic ${good}`,
    'a token without scheme': good,
    'two spaces': `Bearer  ${good}`,
    'a tab': `Bearer\t${good}`,
    'two tokens in one header': `Bearer ${good}, Bearer ${good}`,
    'two tokens with a space': `Bearer ${good} ${good}`,
    'two headers': [`Bearer ${good}`, `Bearer ${good}`],
    'a truncated signature': `Bearer ${good.slice(0, -8)}`,
    'an empty signature': `Bearer ${head}.${body}.`,
    'two parts': `Bearer ${head}.${body}`,
    'five parts': `Bearer ${head}.${body}.${seal}.${seal}.${seal}`,
    'a payload encoded anew': `Bearer ${head}.${reencoded}.${seal}`,
    'a signature of the same bytes in other letters': `Bearer ${head}.${body}.${seal.slice(0, -1)}${sameBytes(seal)}`,
    'another last letter': `Bearer ${head}.${body}.${seal.slice(0, -1)}${last}`,
    padding: `Bearer ${good}==`,
    'the alphabet of plain base64': `Bearer ${head}.${body}.${Buffer.from(seal, 'base64url').toString('base64')}`,
    'something behind it': `Bearer ${good}.`,
    'parts that are no JSON': `Bearer ${Buffer.from('{').toString('base64url')}.${body}.${seal}`,
    'claims in a list': `Bearer ${head}.${Buffer.from('[]').toString('base64url')}.${seal}`,
    'a token of 20 kB': `Bearer ${head}.${body}.${seal}${'A'.repeat(12_000)}`,
  };
}

/** The last letter of 256 bytes carries two bits that mean nothing. */
function sameBytes(seal: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return letters.charAt(letters.indexOf(seal.slice(-1)) ^ 1);
}

function algorithms({ issuer, serviceUrl }: Target): Authorizations {
  const body = goodClaims(serviceUrl);
  const unsigned = (alg: string) => `Bearer ${encoded({ alg, kid: KEY_ID, typ: 'JWT' })}.${encoded(body)}.`;
  const hmac = (key: string) => {
    const input = `${encoded({ alg: 'HS256', kid: KEY_ID, typ: 'JWT' })}.${encoded(body)}`;
    return `Bearer ${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  };
  const pem = String(issuer.publicKey.export({ type: 'spki', format: 'pem' }));
  const by = (alg: string | undefined, algorithm: string) =>
    `Bearer ${signed({ alg, kid: KEY_ID, typ: 'JWT' }, body, issuer.privateKey, algorithm)}`;
  return {
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg none with a signature': `Bearer ${issuer.token(serviceUrl, { head: { alg: 'none' } })}`,
    'HS256 with the public key': hmac(pem),
    'HS256 with an empty key': hmac(''),
    RS384: by('RS384', 'RSA-SHA384'),
    RS512: by('RS512', 'RSA-SHA512'),
    'RS256 by name, RS512 by signature': by('RS256', 'RSA-SHA512'),
    RS1: by('RS1', 'RSA-SHA1'),
    'no alg': by(undefined, 'RSA-SHA256'),
    'alg in a list': `Bearer ${issuer.token(serviceUrl, { head: { alg: ['RS256'] } })}`,
  };
}

function keys({ issuer, serviceUrl, evilUrl }: Target): Authorizations {
  const own = (head: object, key: KeyObject = other.privateKey) => `Bearer ${issuer.token(serviceUrl, { head, key })}`;
  const jwk = other.publicKey.export({ format: 'jwk' });
  return {
    'an unknown key id': own({ kid: 'unknown' }),
    'no key id': own({ kid: undefined }),
    'a key id that is a path': own({ kid: '../../../../dev/null' }),
    'a key of its own under a known id': own({}),
    jku: own({ jku: `${evilUrl}keys` }),
    'jku with the right signature': `Bearer ${issuer.token(serviceUrl, { head: { jku: `${evilUrl}keys` } })}`,
    x5u: own({ x5u: `${evilUrl}cert` }),
    'a key in the header': own({ jwk }),
    'a certificate in the header': own({ x5c: ['MIIB'] }),
    crit: `Bearer ${issuer.token(serviceUrl, { head: { crit: ['exp'] } })}`,
    'a key that is endorsed for web chat': own({ kid: 'webchat' }, webchat.privateKey),
    'a key that is endorsed for nothing': own({ kid: 'bare' }, bare.privateKey),
    'a key without endorsements': own({ kid: 'without' }, bare.privateKey),
    'a key of 1024 bits': own({ kid: 'small' }, small.privateKey),
  };
}

function claims({ issuer, serviceUrl, evilUrl }: Target): Authorizations {
  const saying = (wrong: object) => `Bearer ${issuer.token(serviceUrl, { claims: wrong })}`;
  const emulator = 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/';
  return {
    'another audience': saying({ aud: '22222222-2222-4222-8222-222222222222' }),
    'an audience in capitals': saying({ aud: APP_ID.replaceAll('1', '１') }),
    'audiences in a list': saying({ aud: [APP_ID] }),
    'no audience': saying({ aud: undefined }),
    'another issuer': saying({ iss: 'https://issuer.example' }),
    'the issuer with a slash': saying({ iss: `${issuer.issuer}/` }),
    'no issuer': saying({ iss: undefined }),
    'a token of the Emulator': saying({ iss: emulator, ver: '1.0', appid: APP_ID }),
    'a token of a skill': saying({ iss: emulator, ver: '2.0', azp: '33333333-3333-4333-8333-333333333333' }),
    'the issuer of a tenant of its own': saying({
      iss: `https://sts.windows.net/${TENANT}/`,
      tid: TENANT,
      appid: APP_ID,
    }),
    'expired beyond the tolerance': saying({ exp: now() - 301 }),
    'no expiry': saying({ exp: undefined }),
    'an expiry that is text': saying({ exp: String(now() + 3600) }),
    'an expiry that is no number': saying({ exp: null }),
    'not valid yet, beyond the tolerance': saying({ nbf: now() + 330 }),
    'another service': saying({ serviceurl: evilUrl }),
    'the service without its slash': saying({ serviceurl: serviceUrl.slice(0, -1) }),
    'no service': saying({ serviceurl: undefined }),
    'the service in another spelling': saying({ serviceurl: undefined, serviceUrl }),
  };
}

/** Each is laid over the activity; its token fits it. */
function bodies({ serviceUrl, activity, evilUrl }: Target): Record<string, Wire> {
  const from = activity.from as Wire;
  const conversation = activity.conversation as Wire;
  const at = new URL(serviceUrl);
  const services = {
    'no serviceUrl': undefined,
    'an empty serviceUrl': '',
    'a serviceUrl of another server': evilUrl,
    'a serviceUrl of the metadata service': 'http://169.254.169.254/',
    'a serviceUrl with a user name': `http://${at.host}@${new URL(evilUrl).host}/`,
    'a serviceUrl with the host as user name': `http://user:password@${at.host}/`,
    'a serviceUrl on another port': `http://127.0.0.1:1/`,
    'a serviceUrl that only begins well': `http://${at.hostname}.evil.example/`,
    'a serviceUrl that only ends well': `http://evil.example/${at.host}/`,
    'a serviceUrl with a back slash': `http://${new URL(evilUrl).host}\\@${at.host}/`,
    'a serviceUrl with a fragment': `${serviceUrl}#/`,
    'a serviceUrl with a question': `${serviceUrl}?x=1`,
    'a serviceUrl in capitals': serviceUrl.toUpperCase(),
    'a serviceUrl with a dot': `http://127.0.0.1.:${at.port}/`,
    'a serviceUrl by another name': `http://localhost:${at.port}/`,
    'a serviceUrl as a number': `http://2130706433:${at.port}/`,
    'a serviceUrl of a file': 'file:///etc/passwd',
    'a serviceUrl in a list': [serviceUrl],
  };
  const channels = {
    none: undefined,
    empty: '',
    emulator: 'emulator',
    ase: 'AseChannel',
    capitals: 'MSTEAMS',
    space: 'msteams ',
    list: ['msteams'],
  };
  return {
    ...Object.fromEntries(Object.entries(services).map(([name, value]) => [name, { serviceUrl: value }])),
    ...Object.fromEntries(
      Object.entries(channels).map(([name, value]) => [`channelId: ${name}`, { channelId: value }]),
    ),
    'a foreign tenant': foreign(conversation, '99999999-9999-4999-8999-999999999999'),
    'a tenant in capitals': foreign(conversation, TENANT.toUpperCase()),
    'a tenant that looks alike': foreign(conversation, TENANT.replace('0', 'О')),
    'two tenants': { channelData: { tenant: { id: '99999999-9999-4999-8999-999999999999' } } },
    'no tenant': { conversation: { ...conversation, tenantId: undefined }, channelData: {} },
    'another bot': { recipient: { id: '28:22222222-2222-4222-8222-222222222222' } },
    'a bot with more behind it': { recipient: { id: `${BOT}x` } },
    'a person whose id looks alike': { from: { ...from, aadObjectId: 'аaaaaaaa-0000-4000-8000-000000000000' } },
    'a person whose id leads elsewhere': { from: { ...from, aadObjectId: '../../x' } },
    'a conversation id with a line break': { conversation: { ...conversation, id: 'a\r\nb' } },
  };
}

const foreign = (conversation: Wire, tenantId: string): Wire => ({
  conversation: { ...conversation, tenantId },
  channelData: { tenant: { id: tenantId } },
});

function bodyForgery({ issuer, serviceUrl, activity }: Target, name: string, part: Wire): Forgery {
  const forged = { ...activity, ...part };
  const claimed = typeof forged.serviceUrl === 'string' ? forged.serviceUrl : serviceUrl;
  return { name, authorization: `Bearer ${issuer.token(claimed)}`, activity: forged };
}
