import { expect } from 'chai';
import { loadConfig } from '../../lib/config.ts';
import { createFreshSecrets } from '../../lib/fresh-secrets.ts';
import { silentLog } from '../../lib/log.ts';
import { reveal } from '../../lib/secret.ts';
import { handMadeRemote } from './hand-made-remote.ts';

/** Of each secret that is kept fresh: the key, and what stands there before and after it was rotated. */
const ROTATED = [
  ['SLACK_SIGNING_SECRET', 'old-signing-0123456789', 'next-signing-0123456789'],
  ['SLACK_BOT_TOKEN', 'xoxb-old', 'xoxb-next'],
  ['MICROSOFT_APP_PASSWORD', 'old-password', 'next-password'],
  ['ANTHROPIC_API_KEY', 'sk-ant-old-0123456789', 'sk-ant-next-0123456789'],
] as const;

/** Whole set-ups, so that each key may stand. */
const AROUND = {
  ...{ SLACK_BOT_TOKEN: 'xoxb-around', SLACK_SIGNING_SECRET: 'around-0123456789' },
  ...{ MICROSOFT_APP_ID: '11111111-2222-4333-8444-555555555555', MICROSOFT_APP_PASSWORD: 'around' },
  ...{ MICROSOFT_APP_TENANT_ID: '11111111-2222-4333-8444-666666666666' },
  ...{ LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: 'sk-ant-around-0123456789' },
};

describe('a secret that is kept in AWS', () => {
  for (const [key, old, next] of ROTATED)
    it(`is the next one after a refresh: ${key} [O3]`, async () => {
      const remote = handMadeRemote();
      const config = loadConfig({ ...AROUND, [key]: old }, { [key]: 'ssm:/ops/secret' });
      const secrets = createFreshSecrets(config, async () => remote, silentLog);
      const secret = secrets.of(key) ?? '';
      const before = reveal(secret);
      remote.put('/ops/secret', next, 'SecureString');

      await secrets.refresh();

      expect([before, reveal(secret)]).to.deep.equal([old, next]);
    });

  it('is asked for once by all keys that are members of it, so that they are of one version [O3]', async () => {
    const remote = handMadeRemote();
    const references = {
      SLACK_BOT_TOKEN: 'secretsmanager:ops/slack#token',
      SLACK_SIGNING_SECRET: 'secretsmanager:ops/slack#signing',
    };
    const secrets = createFreshSecrets(loadConfig(AROUND, references), async () => remote, silentLog);
    remote.secrets.set('ops/slack', JSON.stringify({ token: 'xoxb-next', signing: 'next-signing-0123456789' }));

    await secrets.refresh();

    const both = [secrets.of('SLACK_BOT_TOKEN'), secrets.of('SLACK_SIGNING_SECRET')].map((one) => reveal(one ?? ''));
    expect(both).to.deep.equal(['xoxb-next', 'next-signing-0123456789']);
    expect(remote.asked).to.deep.equal(['ops/slack']);
  });
});
