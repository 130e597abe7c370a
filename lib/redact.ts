import type { Json, JsonObject } from './json.ts';

interface Secret {
  kind: string;
  /** What a text with this secret in it always holds, in any case: most texts hold none of these and are left alone at once. */
  sign: string;
  /** Linear: what repeats without bound is never followed by something that can fail. */
  pattern: RegExp;
  /** Keeps what stands around the secret; default: the kind alone. */
  replace?: string;
}

/**
 * Words that name a secret, wherever they stand in a name: AWS_SECRET_ACCESS_KEY, clientSecret, x-api-key, AccountKey.
 * Names about a secret are none: token_hash, secretArn, tokens, secretsmanager.
 */
const about = 'hash|digest|sha256|arn|name|id|ids|type|kind|count|usage|limit|budget|url|uri|expiry|expires_?at|ttl';
const word =
  '(?:pass(?:word|wd|phrase)|pwd|secret|token|credentials?|(?:api|access|private|account|signing|encryption)[_-]?key|connection[_-]?string)';
/** An ARN may say `:secret:` before a name that is none. */
/** What each name that says secret holds. */
const signOfName = 'pass|pwd|secret|token|credential|key|connection';
const name = String.raw`(?<!:\d{12}:)${word}(?!s\b|smanager|ize|[\w-]{0,30}?(?:${about})\b)[\w-]{0,30}`;
/**
 * A value: JSON inside JSON, JSON, quoted, or up to white space or a quote. Its opening quote is kept, its closing one stays where it is.
 * Each round of an inner loop starts with a backslash, which the class before it cannot eat: there is one way to match, so time stays linear.
 */
const value = String.raw`(?:(\\")[^"\\]*(?:\\(?:\\\\"|[^"])[^"\\]*){0,50000}|(")[^"\\]*(?:\\[^][^"\\]*){0,50000}|(')[^']*|[^\s"'\`]+)`;
const unredacted = String.raw`(?!\\?["']?\[redacted )`;

const secrets: readonly Secret[] = [
  { kind: 'approval token', sign: 'approve-', pattern: /approve-[\w-]{43}/gi },
  { kind: 'API key', sign: 'oak_', pattern: /oak_[\w-]{43}/gi },
  { kind: 'Slack webhook', sign: 'hook', pattern: /hooks\.slack\.com\/[\w/-]{10,}/gi },
  {
    // Whoever knows such an address can post there: Teams, Discord, chat servers of one's own.
    kind: 'webhook',
    sign: 'hook',
    pattern: /(https?:\/\/[\w.-]{1,253}\/(?:[\w-]{1,40}\/){0,3}(?:web)?hooks?(?:b2)?\/)[\w@./-]{10,}/gi,
    replace: '$1[redacted webhook]',
  },
  {
    // By its name, whatever its form.
    kind: 'webhook',
    sign: 'webhook',
    pattern:
      /(webhook(?:_?url)?\\?["'`]?\s{0,8}[:=]\s{0,8}\\?["'`]?https?:\/\/[\w.:-]{1,260}\/)(?!\[redacted )[^\s"'`\\]+/gi,
    replace: '$1[redacted webhook]',
  },
  { kind: 'Slack token', sign: 'xox', pattern: /xox[a-z](?:\.xox[a-z])?-[\w-]{8,}/gi },
  { kind: 'Slack token', sign: 'xapp-', pattern: /xapp-[\w-]{8,}/gi },
  { kind: 'Anthropic key', sign: 'sk-ant-', pattern: /sk-ant-[\w-]{12,}/gi },
  { kind: 'GitHub token', sign: 'gh[pousr]_', pattern: /gh[pousr]_[A-Za-z0-9]{20,}/g },
  { kind: 'GitHub token', sign: 'github_pat_', pattern: /github_pat_\w{20,}/g },
  { kind: 'AWS access key id', sign: 'AKIA|ASIA|ABIA|ACCA', pattern: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/g },
  { kind: 'AWS session token', sign: 'IQoJ|FwoG|FQoG', pattern: /(?:IQoJ|FwoG|FQoG)[\w+/=%-]{80,}/g },
  { kind: 'token', sign: 'eyJ', pattern: /eyJ[\w-]{10,}(?:\.[\w-]*){0,4}/g },
  {
    kind: 'password',
    sign: '://',
    pattern: /:\/\/([^\s/:@"'`]{0,256}):[^\s/"'`]{1,512}@/g,
    replace: '://$1:[redacted password]@',
  },
  {
    kind: 'credentials',
    sign: 'authorization',
    pattern:
      /(authorization\\?["']?[ \t]{0,8}[:=]{1,2}[ \t]{0,8}\\?["']?)(?:(?:basic|bearer|digest|negotiate|token|aws4-hmac-sha256)[ \t](?![ \t]*\[redacted )[^\r\n"'\\]+|(?!\[redacted )[^\s"'\\]{12,})/gi,
    replace: '$1[redacted credentials]',
  },
  {
    kind: 'cookie',
    sign: 'cookie',
    pattern: /(cookie:[ \t]{0,8})(?!\[redacted )[^\s"'\\][^\r\n"'\\]*/gi,
    replace: '$1[redacted cookie]',
  },
  { kind: 'bearer token', sign: 'bearer', pattern: /bearer[ \t]{1,8}[\w.~+/=-]{16,}/gi },
  {
    kind: 'signature',
    sign: '[?&](?:sig|x-amz)',
    pattern: /([?&](?:sig|signature|x-amz-signature|x-amz-credential)=)(?!\[redacted )[^\s&"'`]+/gi,
    replace: '$1[redacted signature]',
  },
  {
    kind: 'secret',
    sign: signOfName,
    pattern: new RegExp(String.raw`(--(?!-)[a-z-]{0,20}?${name}[ \t]{1,8})${unredacted}${value}`, 'gi'),
    replace: '$1$2$3$4[redacted secret]',
  },
  {
    kind: 'secret',
    sign: signOfName,
    pattern: new RegExp(String.raw`(${name}\\?["'\`]?\s{0,8}(?:=>|:=|==?|:)\s{0,8})${unredacted}${value}`, 'gi'),
    replace: '$1$2$3$4[redacted secret]',
  },
  {
    // What was taken for the value was a name itself: token= aws_secret_access_key = VALUE.
    kind: 'secret',
    sign: signOfName,
    pattern: new RegExp(String.raw`(\[redacted secret\]\s{0,8}(?:=>|:=|==?)\s{0,8})${unredacted}${value}`, 'gi'),
    replace: '$1$2$3$4[redacted secret]',
  },
];

const anySign = new RegExp([...new Set(secrets.map(({ sign }) => sign)), '-----BEGIN'].join('|'), 'i');
const secretName = new RegExp(`(?:${name}|authorization|cookie)$`, 'i');
const deepest = 60;

/** Replaces every secret it can recognise by `[redacted <kind>]`. Rather one word too many than one secret out of the house (A5). */
export function redact(text: string): string {
  if (!anySign.test(text)) return text;
  let clean = redactPem(text);
  for (const { kind, pattern, replace = `[redacted ${kind}]` } of secrets) clean = clean.replace(pattern, replace);
  return clean;
}

/**
 * The same for every text in a value, its keys included. Under a name such as `password` the whole value goes; so does what is
 * nested over 60 deep. The result is plain JSON of its own: what JSON has no form for is left out, as `JSON.stringify` does it.
 */
export function redactJson(value: Json): Json {
  return redactAt(value, 0);
}

function redactAt(value: Json, depth: number): Json {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return plain(value);
  if (isBytes(value)) return '[redacted bytes]';
  if (depth >= deepest) return '[redacted depth]';
  if (Array.isArray(value)) return value.map((item) => (hasNoForm(item) ? null : redactAt(item, depth + 1)));
  if (typeof value.toJSON === 'function') return redactAt(JSON.parse(JSON.stringify(value)) as Json, depth);
  return redactMembers(value, depth);
}

function redactMembers(value: JsonObject, depth: number): JsonObject {
  const clean: JsonObject = {};
  for (const key of Object.keys(value)) {
    const item = value[key] as Json;
    if (hasNoForm(item)) continue;
    const { text, isSecret } = nameOf(key);
    const shown = isSecret && holdsSecret(item) ? '[redacted secret]' : redactAt(withoutPath(key, item), depth + 1);
    // Assigning to this one name would set the object's prototype.
    if (text === '__proto__')
      Object.defineProperty(clean, text, { value: shown, enumerable: true, writable: true, configurable: true });
    else clean[text] = shown;
  }
  return clean;
}

/** Nobody can look for a secret in numbers: bytes go whole, also as a Buffer writes itself into JSON. */
function isBytes(value: Json & object): boolean {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true;
  return 'type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data);
}

const pathOfUrl = /^(https?:\/\/[\w.:-]{1,260}\/).+$/;

/** Whoever knows the path of a webhook can post there. */
function withoutPath(name: string, item: Json): Json {
  if (typeof item !== 'string' || !/webhook/i.test(name)) return item;
  return item.replace(pathOfUrl, '$1[redacted webhook]');
}

/** Typed as JSON, yet objects of the house carry optional members that are not set. */
const hasNoForm = (item: unknown): boolean =>
  item === undefined || typeof item === 'function' || typeof item === 'symbol';

/** NaN and the infinities are null in JSON. */
function plain(value: Json): Json {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

interface Name {
  text: string;
  isSecret: boolean;
}

const names = new Map<string, Name>();
const mostNames = 2_000;

/** The names of members are the same few again and again. */
function nameOf(key: string): Name {
  const known = names.get(key);
  if (known) return known;
  const name = { text: redact(key), isSecret: secretName.test(key) };
  // What somebody else made up is not kept.
  if (names.size < mostNames && key.length <= 40) names.set(key, name);
  return name;
}

function holdsSecret(item: Json): boolean {
  return item !== null && typeof item !== 'boolean' && item !== '';
}

/** By hand: as a pattern, many openings without an end would cost the square of their number. A block that never ends goes to the end of the text. */
function redactPem(text: string): string {
  let clean = '';
  let from = 0;
  for (const opening of text.matchAll(/-----BEGIN [A-Z0-9 ]{1,40}-----/g)) {
    if (opening.index < from) continue;
    clean += `${text.slice(from, opening.index)}[redacted PEM block]`;
    const end = text.indexOf('-----END ', opening.index);
    if (end === -1) return clean;
    const close = text.indexOf('-----', end + 9);
    from = close === -1 ? text.length : close + 5;
  }
  return clean + text.slice(from);
}
