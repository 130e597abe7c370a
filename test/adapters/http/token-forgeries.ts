import { goodClaims, hmacSigned, type Issuer, newSigning, published, signedText, unsigned } from './issuer.ts';

/** What is sent, by what is wrong with it. Two values are two headers. */
type Forgeries = Record<string, string | string[] | undefined>;

const other = newSigning('k-1');
const small = newSigning('small', 1024);

/** `evilUrl`: a server that nobody must ever call. Publishes keys that some of them are signed with. */
export function forgedTokens(issuer: Issuer, evilUrl: string): Forgeries {
  issuer.answer.keys = () => ({
    keys: [
      published(issuer.signing),
      published(small),
      { ...published({ ...other, kid: 'for-encryption' }), use: 'enc' },
      { kty: 'oct', kid: 'oct', k: Buffer.from('secret').toString('base64url') },
    ],
  });
  return { ...shapes(issuer), ...algorithms(issuer), ...keys(issuer, evilUrl), ...claims(issuer) };
}

function shapes(issuer: Issuer): Forgeries {
  const good = issuer.token();
  const [head = '', body = '', seal = ''] = good.split('.');
  const bytes = (text: string) => Buffer.from(text).toString('base64url');
  const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return {
    'an empty header': '',
    'a scheme alone': 'Bearer',
    'another scheme': `Basic ${good}`,
    'a token without scheme': good,
    'two tokens in one header': `Bearer ${good}, Bearer ${good}`,
    'two tokens with a blank': `Bearer ${good} ${good}`,
    'two headers': [`Bearer ${good}`, `Bearer ${good}`],
    'a bad and a good header': [`Bearer ${good}x`, `Bearer ${good}`],
    'a good and a bad header': [`Bearer ${good}`, `Bearer ${good}x`],
    'a truncated signature': `Bearer ${good.slice(0, -8)}`,
    'an empty signature': `Bearer ${head}.${body}.`,
    'two parts': `Bearer ${head}.${body}`,
    'five parts': `Bearer ${head}.${body}.${seal}.${seal}.${seal}`,
    'the claims of another': `Bearer ${head}.${bytes(JSON.stringify({ ...json(body), email: 'erin@example.com' }))}.${seal}`,
    'claims encoded anew': `Bearer ${head}.${bytes(JSON.stringify(json(body), null, 1))}.${seal}`,
    'a signature of the same bytes in other letters': `Bearer ${head}.${body}.${seal.slice(0, -1)}${sameBytes(seal)}`,
    padding: `Bearer ${good}==`,
    'the alphabet of plain base64': `Bearer ${head}.${body}.${Buffer.from(seal, 'base64url').toString('base64')}`,
    'something behind it': `Bearer ${good}.`,
    'a header that is no JSON': `Bearer ${bytes('{')}.${body}.${seal}`,
    'claims in a list': `Bearer ${head}.${bytes('[]')}.${seal}`,
    'a token of 12 kB': `Bearer ${issuer.token({ claims: { x: 'x'.repeat(8_500) } })}`,
  };
}

/** The last letter of 256 bytes carries bits that mean nothing. */
function sameBytes(seal: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return letters.charAt(letters.indexOf(seal.slice(-1)) ^ 1);
}

function algorithms({ issuer, signing, token }: Issuer): Forgeries {
  const { kid, publicKey } = signing;
  const body = goodClaims(issuer);
  const head = (alg: string) => ({ alg, kid, typ: 'at+jwt' });
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const hmac = (secret: string | Buffer, alg = 'HS256') => `Bearer ${hmacSigned(head(alg), body, secret)}`;
  return {
    ...Object.fromEntries(
      ['none', 'None', 'NONE', 'nOnE', ''].map((alg) => [`alg '${alg}'`, `Bearer ${unsigned(head(alg), body)}`]),
    ),
    'alg none with a signature': `Bearer ${token({ head: { alg: 'none' } })}`,
    'HS256 with the public key as PEM': hmac(pem),
    'HS256 with the public key as DER': hmac(der),
    'HS256 with the public key as JWK': hmac(JSON.stringify(publicKey.export({ format: 'jwk' }))),
    'HS256 with an empty key': hmac(''),
    'HS256 with a published secret': `Bearer ${hmacSigned({ alg: 'HS256', kid: 'oct' }, body, 'secret')}`,
    'RS256 by name, HS256 by signature': hmac(pem, 'RS256'),
    ...Object.fromEntries(
      ['RS384', 'RS512', 'RS1', 'ES256', 'EdDSA', 'dir'].map((alg) => [
        `${alg} by name`,
        `Bearer ${token({ head: { alg } })}`,
      ]),
    ),
    'no alg': `Bearer ${token({ head: { alg: undefined } })}`,
    'alg in a list': `Bearer ${token({ head: { alg: ['RS256'] } })}`,
  };
}

function keys(issuer: Issuer, evilUrl: string): Forgeries {
  const own = (head: object, signing = other) => `Bearer ${issuer.token({ head, signing })}`;
  const jwk = published(other);
  const strange = {
    'an unknown key id': 'unknown',
    'a key id that is a path': '../../../../dev/null',
    'a key id that is SQL': "' UNION SELECT 'secret' --",
    'a key id that is a command': '$(id)|`id`',
    'a key id with a zero': 'k-1\u0000',
    'a key id in other letters': 'K-1',
    'a key id with a blank': 'k-1 ',
    'a key id of a prototype': '__proto__',
    'a long key id': 'k'.repeat(4_000),
    'an empty key id': '',
  };
  return {
    ...Object.fromEntries(Object.entries(strange).map(([name, kid]) => [name, own({ kid })])),
    'a key id in a list': own({ kid: ['k-1'] }),
    'no key id': own({ kid: undefined }),
    'a key of its own under a known id': own({}),
    jku: own({ jku: `${evilUrl}keys` }),
    'jku with the right signature': `Bearer ${issuer.token({ head: { jku: `${evilUrl}keys` } })}`,
    x5u: own({ x5u: `${evilUrl}cert` }),
    'x5u with the right signature': `Bearer ${issuer.token({ head: { x5u: `${evilUrl}cert` } })}`,
    'a key in the header': own({ jwk }),
    'a key in the header, with the right signature': `Bearer ${issuer.token({ head: { jwk } })}`,
    'a certificate in the header': own({ x5c: ['MIIB'] }),
    crit: `Bearer ${issuer.token({ head: { crit: ['exp'] } })}`,
    'a payload that is not encoded': `Bearer ${issuer.token({ head: { b64: false, crit: ['b64'] } })}`,
    'a key of 1024 bits': own({ kid: 'small' }, small),
    'a key for encryption': own({ kid: 'for-encryption' }),
    'a type of another use': `Bearer ${issuer.token({ head: { typ: 'logout+jwt' } })}`,
    'a type in a list': `Bearer ${issuer.token({ head: { typ: ['JWT'] } })}`,
  };
}

function claims(issuer: Issuer): Forgeries {
  const now = Math.floor(Date.now() / 1000);
  const saying = (wrong: object) => `Bearer ${issuer.token({ claims: wrong })}`;
  const body = JSON.stringify(goodClaims(issuer.issuer));
  const raw = (text: string) => `Bearer ${rawSigned(issuer, text)}`;
  return {
    'another audience': saying({ aud: 'another' }),
    'an audience that begins alike': saying({ aud: 'opsagent2' }),
    'an audience in capitals': saying({ aud: 'OpsAgent' }),
    'audiences without ours': saying({ aud: ['one', 'two'] }),
    'an audience in an object': saying({ aud: { opsagent: true } }),
    'no audience': saying({ aud: undefined }),
    'another issuer': saying({ iss: 'https://issuer.example' }),
    'the issuer with a slash': saying({ iss: `${issuer.issuer}/` }),
    'the issuer in a list': saying({ iss: [issuer.issuer] }),
    'no issuer': saying({ iss: undefined }),
    'expired beyond the tolerance': saying({ exp: now - 61 }),
    'no expiry': saying({ exp: undefined }),
    'an expiry that is text': saying({ exp: String(now + 600) }),
    'an expiry that is null': saying({ exp: null }),
    'not valid yet, beyond the tolerance': saying({ nbf: now + 90 }),
    'a beginning that is text': saying({ nbf: String(now) }),
    'no subject': saying({ sub: undefined }),
    'an empty subject': saying({ sub: '' }),
    'no e-mail': saying({ email: undefined, preferred_username: 'alice@example.com', upn: 'alice@example.com' }),
    'e-mails in a list': saying({ email: ['alice@example.com'] }),
    'an e-mail that looks alike': saying({ email: 'аlice@example.com' }),
    'an e-mail with a line break': saying({ email: 'alice@example.com\n' }),
    'an e-mail of a service': saying({ email: 'service:ci' }),
    'an e-mail that is not verified': saying({ email_verified: false }),
    'an e-mail that is not verified, as text': saying({ email_verified: 'false' }),
    'an e-mail twice': raw(body.replace('{', '{"email":"bob@example.com",')),
    'an audience twice': raw(body.replace('{', '{"aud":"another",')),
    'claims nested forty deep': raw(body.replace('{', `{"x":${'['.repeat(40)}${']'.repeat(40)},`)),
    'a key id twice': `Bearer ${twiceInHead(issuer)}`,
  };
}

const rawSigned = (
  { signing }: Issuer,
  body: string,
  head = `{"alg":"RS256","kid":"${signing.kid}","typ":"JWT"}`,
): string => signedText(head, body, signing.privateKey);

function twiceInHead(issuer: Issuer): string {
  const { kid } = issuer.signing;
  return rawSigned(
    issuer,
    JSON.stringify(goodClaims(issuer.issuer)),
    `{"alg":"RS256","kid":"other","kid":"${kid}","typ":"JWT"}`,
  );
}
