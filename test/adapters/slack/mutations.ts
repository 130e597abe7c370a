import { gzipSync } from 'node:zlib';
import type { Random } from './seeded.ts';
import { FORM_TYPE, JSON_TYPE, type SignedRequest, signed } from './signed-requests.ts';

interface Mutation {
  request: SignedRequest;
  untouched: boolean;
}
type Mutate = (whole: SignedRequest, random: Random) => Mutation;

const SIGNATURE = 'x-slack-signature';
const TIMESTAMP = 'x-slack-request-timestamp';
const TYPE = 'content-type';

const headerOf = ({ headers }: SignedRequest, name: string): string => String(headers[name]);
const typeOf = (whole: SignedRequest): string => headerOf(whole, TYPE);
const now = (): number => Math.floor(Date.now() / 1000);

const same = (request: SignedRequest): Mutation => ({ request, untouched: true });
const touched = (request: SignedRequest): Mutation => ({ request, untouched: false });

/** Headers set or, with `undefined`, left out. */
function withHeaders(whole: SignedRequest, over: Record<string, string | string[] | undefined>): SignedRequest {
  const kept = Object.entries({ ...whole.headers, ...over }).filter(([, value]) => value !== undefined);
  return { ...whole, headers: Object.fromEntries(kept) as SignedRequest['headers'] };
}

const header =
  (name: string, change: (value: string, random: Random) => string | string[] | undefined): Mutate =>
  (whole, random) =>
    touched(withHeaders(whole, { [name]: change(headerOf(whole, name), random) }));

const bytes =
  (change: (body: Buffer, random: Random) => Buffer): Mutate =>
  (whole, random) =>
    touched({ ...whole, body: change(whole.body, random) });

const text = (change: (body: string) => string): Mutate => bytes((body) => Buffer.from(change(body.toString())));

/** Signed well, at a time or in a way that must not count. */
const signedAt =
  (time: (random: Random) => number): Mutate =>
  (whole, random) =>
    touched(signed(whole.body, { at: time(random), type: typeOf(whole) }));

/** Where a byte of the text goes, and what it becomes. */
function flip(body: Buffer, random: Random): Buffer {
  const changed = Buffer.from(body);
  const at = random.below(changed.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  return changed;
}

function flipHex(signature: string, random: Random): string {
  const at = 3 + random.below(64);
  const digit = (Number.parseInt(signature[at] ?? '0', 16) ^ (1 << random.below(4))).toString(16);
  return signature.slice(0, at) + digit + signature.slice(at + 1);
}

const stranger = 'another-secret-of-somebody';

/** What is done to a delivery, by name. What leaves its meaning alone comes several times, so that it is not rare. */
export const mutations: Readonly<Record<string, Mutate>> = {
  nothing: same,
  'nothing, again': same,
  'header names in capitals': (whole) =>
    same({
      ...whole,
      headers: Object.fromEntries(Object.entries(whole.headers).map(([name, value]) => [name.toUpperCase(), value])),
    }),
  'a charset beside the type': (whole) => same(withHeaders(whole, { [TYPE]: `${typeOf(whole)}; charset=utf-8` })),
  'blanks around the signature': (whole) =>
    same(withHeaders(whole, { [SIGNATURE]: `  ${headerOf(whole, SIGNATURE)} ` })),
  'a body in chunks': (whole) => same(withHeaders(whole, { 'transfer-encoding': 'chunked' })),
  'the encoding that is none': (whole) => same(withHeaders(whole, { 'content-encoding': 'identity' })),
  'more headers': (whole) =>
    same(withHeaders(whole, { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' })),

  'a bit of the signature': header(SIGNATURE, flipHex),
  'a shorter signature': header(SIGNATURE, (value, random) => value.slice(0, random.below(value.length))),
  'a longer signature': header(SIGNATURE, (value, random) => value + random.below(16).toString(16)),
  'a signature in capitals': header(SIGNATURE, (value) => `v0=${value.slice(3).toUpperCase().replace(/^\d+$/, 'A')}`),
  'another prefix': header(SIGNATURE, (value, random) =>
    value.replace('v0=', random.pick(['v1=', 'V0=', 'v0:', 'v00=', 'v0==', '', '=', 'sha256='])),
  ),
  'an empty signature': header(SIGNATURE, () => ''),
  'no signature': header(SIGNATURE, () => undefined),
  'no timestamp': header(TIMESTAMP, () => undefined),
  'neither of them': (whole) => touched(withHeaders(whole, { [SIGNATURE]: undefined, [TIMESTAMP]: undefined })),
  'one signature twice': header(SIGNATURE, (value) => [value, value]),
  'a signature and a wrong one': header(SIGNATURE, (value, random) => [value, flipHex(value, random)]),
  'a wrong signature and the right one': header(SIGNATURE, (value, random) => [flipHex(value, random), value]),
  'two signatures in one header': header(SIGNATURE, (value, random) => `${flipHex(value, random)},${value}`),
  'one timestamp twice': header(TIMESTAMP, (value) => [value, value]),
  'another second': header(TIMESTAMP, (value, random) => String(Number(value) + random.pick([-1, 1, 60, -60]))),
  'a timestamp in another form': header(TIMESTAMP, (value, random) =>
    random.pick([
      `0${value}`,
      `+${value}`,
      `${value}.0`,
      `${value}e0`,
      ` ${value} 0`,
      'NaN',
      '',
      `0x${Number(value).toString(16)}`,
    ]),
  ),
  'six minutes ago and more': signedAt((random) => now() - 360 - random.below(100_000)),
  'six minutes ahead and more': signedAt((random) => now() + 360 + random.below(100_000)),
  'no time at all': signedAt((random) => random.pick([0, -1, 0.5, 10 ** 18, Number.NaN])),
  'the secret of a stranger': (whole) => touched(signed(whole.body, { secret: stranger, type: typeOf(whole) })),
  'an empty secret': (whole) => touched(signed(whole.body, { secret: '', type: typeOf(whole) })),
  'the signature of another body': (whole, random) =>
    touched({ ...signed(flip(whole.body, random), { type: typeOf(whole) }), body: whole.body }),

  'a bit of the body': bytes(flip),
  'a byte more': bytes((body, random) => Buffer.concat([body, Buffer.from([random.below(256)])])),
  'a byte less': bytes((body) => body.subarray(0, -1)),
  'the first half': bytes((body) => body.subarray(0, Math.floor(body.length / 2))),
  'no body': bytes(() => Buffer.alloc(0)),
  'a line break after it': text((body) => `${body}\r\n`),
  'a blank before it': text((body) => ` ${body}`),
  'a mark of the byte order before it': text((body) => `\ufeff${body}`),
  'a byte of nothing in it': bytes((body, random) => {
    const at = random.below(body.length);
    return Buffer.concat([body.subarray(0, at), Buffer.from([0]), body.subarray(at)]);
  }),
  'blanks encoded another way': text((body) =>
    body.includes('+') ? body.replaceAll('+', '%20') : body.replaceAll(':', ' :'),
  ),
  'escapes in small letters': text((body) =>
    body.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()).replace(/^\{/, '{ '),
  ),
  'a field more': text((body) => (body.startsWith('{') ? `{"admin":true,${body.slice(1)}` : `${body}&admin=true`)),
  'a certificate check before it': text((body) => `ssl_check=1&${body}`),
  'twice the body': bytes((body) => Buffer.concat([body, body])),
  'more than a megabyte': bytes((body) => Buffer.concat([body, Buffer.alloc(1024 * 1024 + 1, 0x20)])),
  'it packed': (whole) =>
    touched(withHeaders({ ...whole, body: gzipSync(whole.body) }, { 'content-encoding': 'gzip' })),
  'it packed and signed': (whole) =>
    touched(withHeaders(signed(gzipSync(whole.body), { type: typeOf(whole) }), { 'content-encoding': 'gzip' })),
  'an encoding that is not so': (whole, random) =>
    touched(withHeaders(whole, { 'content-encoding': random.pick(['gzip', 'br', 'deflate', 'identity, gzip', '']) })),

  'the other type': header(TYPE, (value) => (value === JSON_TYPE ? FORM_TYPE : JSON_TYPE)),
  'a type nobody sends': header(TYPE, (value, random) =>
    random.pick([
      'text/plain',
      `${value}; charset=utf-16`,
      `${value}, ${value}`,
      `x${value}`,
      'multipart/form-data; boundary=x',
      '',
    ]),
  ),
  'no type': header(TYPE, () => undefined),
  'one type twice': header(TYPE, (value) => [value, value]),
};
