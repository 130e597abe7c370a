import { expect } from 'chai';
import fc from 'fast-check';
import { newApiKey } from '../../adapters/http/api-keys.ts';
import { newApprovalToken } from '../../lib/ids.ts';
import { redact, redactJson } from '../../lib/redact.ts';

/** Made of parts, so that no scanner takes this file for a leak. */
const part = (length: number) => 'a1B2c3D4e5'.repeat(50).slice(0, length);
const upper = 'ABCDEFGHIJKLMNOP';
const pem = (label: string) => `-----BEGIN ${label}-----\n${part(64)}\n${part(20)}==\n-----END ${label}-----`;

/** What must go, and the label that stands there afterwards. */
const webhooks = [
  `https://acme.webhook.office.com/webhookb2/${part(40)}@${part(20)}/IncomingWebhook/${part(32)}`,
  `https://discord.com/api/webhooks/123456789/${part(60)}`,
  `https://chat.example.com/hooks/${part(26)}`,
];

const canaries: readonly [kind: string, secret: string][] = [
  ['approval token', newApprovalToken()],
  ['API key', newApiKey().key],
  ['AWS access key id', `AKIA${upper}`],
  ['AWS access key id', `ASIA${upper}`],
  ['AWS session token', `IQoJb3JpZ2lu${part(300)}/+=`],
  ['Slack token', ['xoxb', '123456789012', part(24)].join('-')],
  ['Slack token', `xoxe.${['xoxp', '1', part(40)].join('-')}`],
  ['Slack token', ['xapp', '1', 'A0123', '42', part(64)].join('-')],
  ['Slack webhook', `hooks.slack.com/${['services', 'T000', 'B000', part(24)].join('/')}`],
  ['Anthropic key', ['sk', 'ant', 'api03', part(90)].join('-')],
  ['GitHub token', `ghp_${part(36)}`],
  ['GitHub token', `github_pat_${part(82)}`],
  ['bearer token', `Bearer ${part(40)}`],
  ['token', `eyJ${part(30)}.eyJ${part(60)}.${part(43)}`],
  ['PEM block', pem('RSA PRIVATE KEY')],
  ['PEM block', pem('PRIVATE KEY')],
  ['PEM block', `-----BEGIN EC PRIVATE KEY-----\n${part(64)}`],
];

/** `#` stands for the secret. */
const assignments: readonly string[] = [
  'password=#',
  'DB_PASSWORD_PROD=#',
  'Password: #',
  'aws_secret_access_key = #',
  'secretAccessKey: "#"',
  '{"clientSecret":"#","user":"alice"}',
  '{"body":"{\\"token\\":\\"#\\",\\"user\\":\\"alice\\"}"}',
  "api_key: '#'",
  'x-api-key: #',
  'passphrase => #',
  'aws configure set --aws-session-token #',
  'mysql --password #',
  'postgres://alice:#@db.internal:5432/app',
  'AccountName=x;AccountKey=#',
  'Authorization: Basic #',
  '"authorization":"#"',
  'Cookie: session=#; theme=dark',
  'SecretString: #',
  'token= aws_secret_access_key = #',
  'token = secret = password => #',
  'webhook=https://chat.example.com/#',
  '{"webhook_url":"https://chat.example.com/#"}',
];

describe('redact', () => {
  for (const url of webhooks) {
    it(`keeps the host of a webhook and takes out what lets one post: ${new URL(url).host} [A5]`, () => {
      const said = redact(`post it to ${url} please`);

      expect(said).to.include(new URL(url).host).and.to.include('[redacted webhook] please');
      expect(said).not.to.include(part(20));
    });
  }

  for (const [kind, secret] of canaries) {
    it(`takes out ${kind}: ${secret.slice(0, 12).trim()}… [A5]`, () => {
      const clean = redact(`before ${secret} after`);

      expect(clean)
        .to.include(`[redacted ${kind}]`)
        .and.match(/^before /);
      expect(clean).not.to.include(secret.slice(-20));
    });
  }

  for (const form of assignments) {
    it(`takes out what is named a secret: ${form} [A5]`, () => {
      const secret = 'Tr0ub4dor&3xyzzy';

      const clean = redact(`before ${form.replace('#', secret)}`);

      expect(clean)
        .to.include('[redacted ')
        .and.match(/^before /);
      expect(clean).not.to.include('ub4dor').and.not.to.include('xyzzy');
    });
  }

  it('takes out a quoted secret whole: its spaces, quotes and escapes too [A5]', () => {
    const secret = 'correct "horse" \\ battery \n staple';

    const clean = redact(JSON.stringify({ password: secret, user: 'alice' }));

    expect(clean).to.equal('{"password":"[redacted secret]","user":"alice"}');
  });

  it('takes out what makes a link a key, and leaves the rest of the link [A5]', () => {
    const clean = redact('https://s3.amazonaws.com/b/k?X-Amz-Date=2026&X-Amz-Signature=00ff00ff&x=1');

    expect(clean).to.equal('https://s3.amazonaws.com/b/k?X-Amz-Date=2026&X-Amz-Signature=[redacted signature]&x=1');
  });

  it('takes out every secret of a text, not only the first', () => {
    const clean = redact(`AKIA${upper} and ASIA${upper} and ${pem('PRIVATE KEY')} and ${pem('PRIVATE KEY')} end`);

    expect(clean).to.equal(
      '[redacted AWS access key id] and [redacted AWS access key id] and [redacted PEM block] and [redacted PEM block] end',
    );
  });

  it('leaves what operations talk about as it is', () => {
    const plain = [
      'i-0abc123def4567890 in eu-west-1b is running; cpu 42.5 %',
      'arn:aws:iam::123456789012:role/OpsAgent needs secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf',
      'used 1500 tokens, max_tokens: 4096, token_count=12, secretArn: x, token_hash: 00ff',
      'see https://console.aws.amazon.com:443/ec2/home?region=eu-west-1#Instances',
      'alice@example.com asked at 2026-01-01T10:00:00Z, digest 9f86d081884c',
    ];

    const clean = plain.map(redact);

    expect(clean).to.deep.equal(plain);
  });

  it('changes nothing the second time', () => {
    const text = [...canaries.map(([, secret]) => secret), ...assignments].join('\n');

    const once = redact(text);

    expect(redact(once)).to.equal(once);
  });

  it('never throws, and finds a canary anywhere in any text [A5]', () => {
    const secret = fc.constantFrom(...canaries.map(([, canary]) => canary));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), secret, fc.string({ unit: 'binary' }), (before, canary, after) => {
        const clean = redact(`${before} ${canary} ${after}`);

        expect(clean).not.to.include(canary);
      }),
    );
  });

  it('needs under 50 ms for 50,000 hostile characters', () => {
    const bits = [
      ...canaries.map(([, secret]) => secret.slice(0, 6)),
      ...assignments.map((form) => form.split('#')[0] ?? ''),
      'token',
      '--',
      '-token--',
      'eyJa.',
      '://a:',
      '\\"',
      'token="\\',
      '-----BEGIN A-----',
      ' ',
      '=',
    ];

    const slowest = Math.max(...bits.map((bit) => bestOfThree(bit.repeat(50_000 / bit.length))));

    expect(slowest).to.be.below(50);
  });

  it('needs under 50 ms for 50,000 hostile characters of any mixture', () => {
    const bit = fc.constantFrom(
      'token',
      '"',
      '\\',
      ':',
      '=',
      ' ',
      '-',
      '--',
      'eyJ',
      '://',
      '@',
      '/',
      '-----BEGIN A-----',
      'secret_',
      'key',
      "'",
      '.',
      'cookie:',
      'authorization:',
      '[redacted ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(bit, { minLength: 1, maxLength: 8 }), (bits) => {
        const unit = bits.join('');

        const ms = bestOfThree(unit.repeat(50_000 / unit.length));

        expect(ms).to.be.below(50);
      }),
      { numRuns: 60 },
    );
  });
});

describe('redactJson', () => {
  it('takes out secrets in values, in names and under names that say so, at any depth [A5]', () => {
    const value = {
      user: 'alice',
      db: [{ dbPassword: 'hunter2', pin_token: 1234, tokens: 1500, token_hash: '00ff' }],
      credentials: { nested: 'x' },
      note: `key AKIA${upper}`,
      [`AKIA${upper}`]: true,
      has_token: true,
      token: null,
    };

    const clean = redactJson(value);

    expect(clean).to.deep.equal({
      user: 'alice',
      db: [{ dbPassword: '[redacted secret]', pin_token: '[redacted secret]', tokens: 1500, token_hash: '00ff' }],
      credentials: '[redacted secret]',
      note: 'key [redacted AWS access key id]',
      '[redacted AWS access key id]': true,
      has_token: true,
      token: null,
    });
  });

  it('leaves its input alone and keeps a name such as __proto__ a plain name', () => {
    const value = JSON.parse('{"__proto__":{"password":"x"},"a":["password=y"]}');

    const clean = redactJson(value);

    expect(JSON.stringify(clean)).to.equal(
      '{"__proto__":{"password":"[redacted secret]"},"a":["password=[redacted secret]"]}',
    );
    expect(value.a).to.deep.equal(['password=y']);
  });

  it('makes of a value what its JSON text would make: what has no form in JSON is left out', () => {
    const loose = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constantFrom(null, undefined, 'password=hunter2', new Date(0)),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('token', 'token_hash', '__proto__')), tie('any')),
      ),
    })).any;

    fc.assert(
      fc.property(fc.dictionary(fc.string(), loose), (value) => {
        const throughText = redactJson(JSON.parse(JSON.stringify(value)));
        expect(JSON.stringify(redactJson(value as never))).to.equal(JSON.stringify(throughText));
      }),
    );
  });

  it('cuts off what is nested without end instead of failing', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}"password=x"${']'.repeat(20_000)}`);

    const clean = JSON.stringify(redactJson(deep));

    expect(clean).to.include('[redacted depth]').and.not.to.include('password=x');
  });

  it('never throws on any JSON and never lets a canary through [A5]', () => {
    const canary = `AKIA${upper}`;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(
          redactJson(JSON.parse(JSON.stringify([value, { [`k ${canary}`]: [canary, value] }]))),
        );

        expect(text).not.to.include(canary);
      }),
    );
  });
});

/** A busy machine may stop us once; a pattern that backtracks is slow every time. */
function bestOfThree(text: string): number {
  const runs = [0, 1, 2].map(() => {
    const start = performance.now();
    redact(text);
    return performance.now() - start;
  });
  return Math.min(...runs);
}
