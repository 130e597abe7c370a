import { expect } from 'chai';
import { readConfig } from '../../lib/config.ts';
import { OpsError } from '../../lib/errors.ts';
import { isReference, resolveReferences } from '../../lib/remote-references.ts';
import { denied, handMadeRemote } from './hand-made-remote.ts';

describe('a reference to a secret', () => {
  it('leads to a parameter, a secret, or a member of a secret that is asked for once [O3]', async () => {
    const remote = handMadeRemote();
    remote.put('/opsagent/anthropic', 'sk-ant-1');
    remote.secrets.set('teams', 'p4ss\n');
    remote.secrets.set('slack', '{"bot": "xoxb-1", "signing": "s1"}');

    const values = await resolveReferences(
      {
        ANTHROPIC_API_KEY: 'ssm:/opsagent/anthropic',
        MICROSOFT_APP_PASSWORD: 'secretsmanager:teams',
        SLACK_BOT_TOKEN: 'secretsmanager:slack#bot',
        SLACK_SIGNING_SECRET: 'secretsmanager:slack#signing',
      },
      remote,
    );

    expect(values).to.deep.equal({
      ANTHROPIC_API_KEY: 'sk-ant-1',
      MICROSOFT_APP_PASSWORD: 'p4ss',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 's1',
    });
    expect(remote.asked.filter((name) => name === 'slack')).to.have.length(1);
  });

  const nowhere: [reference: string, said: RegExp][] = [
    ['ssm:', /no reference.*Write ssm:<name>/],
    ['ssm:/opsagent/', /no reference/],
    ['ssm:/text#member', /no reference/],
    ['secretsmanager:with space', /no reference/],
    ['ssm:/missing', /\/missing is not there.*Check the name/],
    ['secretsmanager:missing', /missing is not there/],
    ['secretsmanager:text#bot', /it is not a JSON object/],
    ['secretsmanager:list#0', /it is not a JSON object/],
    ['secretsmanager:json#missing', /no text under "missing"/],
    ['secretsmanager:json#number', /no text under "number"/],
    ['secretsmanager:json#constructor', /no text under "constructor"/],
    ['secretsmanager:blank', /it holds nothing/],
  ];
  for (const [reference, said] of nowhere) {
    it(`that is ${reference} is refused with key, reference and repair, and never a value [O3, A5]`, async () => {
      const remote = handMadeRemote();
      remote.put('/text', 's3cr3t');
      remote.secrets.set('text', 's3cr3t {');
      remote.secrets.set('list', '["s3cr3t"]');
      remote.secrets.set('json', '{"bot": "s3cr3t", "number": 7}');
      remote.secrets.set('blank', ' \n');

      const error = await refusalOf(resolveReferences({ SLACK_BOT_TOKEN: reference }, remote));

      expect(error.message.startsWith(`SLACK_BOT_TOKEN is "${reference}": `)).to.equal(true);
      expect(error.message).to.match(said).and.not.contain('s3cr3t');
      expect(error.hint).to.include('docs/aws-config.md').and.not.contain('s3cr3t');
    });
  }

  it('has a line of its own for each key that leads nowhere [O3]', async () => {
    const remote = Object.assign(handMadeRemote(), { fault: denied });

    const { message } = await refusalOf(
      resolveReferences({ SLACK_BOT_TOKEN: 'ssm:/a', ANTHROPIC_API_KEY: 'secretsmanager:b' }, remote),
    );

    expect(message.split('\n').map((line) => line.split(' ')[0])).to.deep.equal([
      'SLACK_BOT_TOKEN',
      'ANTHROPIC_API_KEY',
    ]);
    expect(message).to.include('Allow ssm:GetParameter');
  });

  it('is told from a value [O3]', () => {
    expect(['ssm:/a', 'secretsmanager:b'].every(isReference)).to.equal(true);
    expect(['xoxb-1', '', undefined, 'sqlite:./a.db', ' ssm:/a'].some(isReference)).to.equal(false);
  });

  it('cannot say where AWS is: that has to be known first [O3]', async () => {
    const { message } = await refusalOf(
      readConfig({ AWS_REGION: 'ssm:/region', AWS_ENDPOINT_URL: 'ssm:/url', SLACK_BOT_TOKEN: 'ssm:/a' }),
    );

    expect(message).to.match(/^AWS_REGION is "ssm:\/region": .*\nAWS_ENDPOINT_URL is "ssm:\/url": /);
  });
});

async function refusalOf(refused: Promise<unknown>): Promise<OpsError> {
  const error = await refused.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof OpsError && error.code === 'config_invalid') return error;
  throw new Error(`it was not refused: ${error}`);
}
