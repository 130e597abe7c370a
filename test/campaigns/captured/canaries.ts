import type { Random } from '../../adapters/slack/seeded.ts';

/** Something planted where AWS is read, to be looked for everywhere else. */
export interface Canary {
  kind: string;
  /** A word that means nothing to `redact`: it is told to the model, and shows that what stands beside it came that far. */
  word: string;
  /** Word and secret as they are planted. */
  text: string;
  /** The piece that must be nowhere. */
  secret: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

type Drawn = (length: number, letters?: string) => string;

/** For each kind of secret that `redact` knows: how it looks around a piece drawn by chance. In parts, so that no scanner stumbles. */
const KINDS: Readonly<Record<string, (draw: Drawn) => readonly [text: string, secret: string]>> = {
  'approval token': (draw) => whole(draw(43), (secret) => `approve-${secret}`),
  'access key id': (draw) => whole(draw(16, UPPER), (secret) => `AKIA${secret}`),
  'temporary key id': (draw) => whole(draw(16, UPPER), (secret) => `ASIA${secret}`),
  'session token': (draw) => whole(draw(120), (secret) => `IQoJ${secret}`),
  'Slack bot token': (draw) => whole(draw(24), (secret) => ['xoxb', '123456789012', secret].join('-')),
  'Slack app token': (draw) => whole(draw(40), (secret) => ['xapp', '1', secret].join('-')),
  'Anthropic key': (draw) => whole(draw(40), (secret) => ['sk', 'ant', 'api03', secret].join('-')),
  'GitHub token': (draw) => whole(draw(36), (secret) => `ghp_${secret}`),
  'GitHub fine-grained token': (draw) => whole(draw(60), (secret) => `github_pat_${secret}`),
  JWT: (draw) => whole(draw(43), (secret) => `eyJ${draw(20)}.eyJ${draw(20)}.${secret}`),
  'Slack webhook': (draw) =>
    whole(draw(24), (secret) => `hooks.slack.com/${['services', 'T000', 'B000', secret].join('/')}`),
  webhook: (draw) => whole(draw(26), (secret) => `https://chat.example.com/hooks/${secret}`),
  'bearer token': (draw) => whole(draw(40), (secret) => `Bearer ${secret}`),
  'basic credentials': (draw) => whole(draw(30), (secret) => `Authorization: Basic ${secret}`),
  cookie: (draw) => whole(draw(20), (secret) => `Cookie: session=${secret}`),
  signature: (draw) => whole(draw(40), (secret) => `https://files.example.com/a?X-Amz-Signature=${secret}`),
  'password in an address': (draw) => whole(draw(16), (secret) => `postgres://alice:${secret}@db.internal:5432/app`),
  'named secret': (draw) => whole(draw(40), (secret) => `aws_secret_access_key = ${secret}`),
  'secret in JSON': (draw) => whole(draw(18), (secret) => `{"clientSecret":"${secret}"}`),
  'password of a command': (draw) => whole(draw(16), (secret) => `mysql --password ${secret}`),
  'private key': (draw) =>
    whole(draw(64), (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`),
};

const whole = (secret: string, around: (secret: string) => string) => [around(secret), secret] as const;

/** A canary of its own for each case. */
export function drawCanary(random: Random): Canary {
  const draw: Drawn = (length, letters = LETTERS) => Array.from({ length }, () => random.pick([...letters])).join('');
  const [kind, make] = random.pick(Object.entries(KINDS));
  const [text, secret] = make(draw);
  const word = `kestrel${draw(10).toLowerCase()}`;
  return { kind, word, text: `${word} ${text}`, secret };
}

/** Each way in which a text could be carried out. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((by) => Buffer.concat([Buffer.alloc(by, 'x'), bytes]).toString('base64'));
  return [
    secret,
    // The ends of a base64 text hang on what stands beside it.
    ...shifted.map((text) => text.slice(4, -4)),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.join(','),
    [...secret].reverse().join(''),
    encodeURIComponent(secret),
    [...secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(''),
  ];
}

const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

/** Whether any of the forms stands in the text, with or without invisible characters in between. */
export function holdsAny(text: string, forms: readonly string[]): boolean {
  const plain = text.replace(UNSEEN, '').toLowerCase();
  return forms.some((form) => plain.includes(form.toLowerCase()));
}
