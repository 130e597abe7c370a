import { expect } from 'chai';
import { heldOut } from '../../evals/held-out.ts';
import { understand } from '../../evals/house.ts';
import { runSentences } from '../../evals/run-model.ts';
import { forModel, sampleOf } from '../../evals/sample.ts';
import { sentenceReport } from '../../evals/score-model.ts';
import { type Expected, type Sentence, WEB } from '../../evals/sentence.ts';
import { sentences } from '../../evals/sentences.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { call, playKnowing, says } from './good-model.ts';
import { type Move, openVendor, type Vendor } from './vendor.ts';

const status: Expected = { tool: 'get_ec2_status', input: { instance_id: WEB, metrics: 'cpu' } };
const how = `how high is the cpu on ${WEB}`;
const reboot: Expected = { tool: 'reboot_ec2', input: { instance_id: WEB } };
const please = `would you reboot the instance ${WEB} please?`;

describe('the score of a model by sentences', () => {
  let vendor: Vendor;

  before(async () => {
    vendor = await openVendor();
  });

  after(() => vendor.stop());

  const judged = async (text: string, expected: Expected, ...moves: Move[]) => {
    vendor.script(moves);
    const sentence: Sentence = { text, category: 'one', expected };
    const [ran] = await runSentences(vendor.subject, [sentence]);
    return ran;
  };

  it('gives a model that calls what is expected full marks, over all categories [L8]', async () => {
    const all = forModel([...sentences, ...heldOut], (text) => understand(text, { now: Date.now() }));
    const sample = sampleOf(all, 60);
    playKnowing(vendor, all);

    const ran = await runSentences(vendor.subject, sample);

    expect(
      ran.filter(({ verdict }) => verdict !== 'right').map(({ sentence, verdict }) => [verdict, sentence]),
    ).to.deep.equal([]);
    expect(sentenceReport(vendor.subject, ran)).to.include('anthropic claude-sonnet-5-5: 60 sentences, 100.0 % right');
  });

  const caught: readonly [what: string, verdict: string, text: string, expected: Expected, ...moves: Move[]][] = [
    ['another tool', 'wrong-tool', how, status, call('list_alarms'), says('CPU is high.')],
    [
      ...(['another instance', 'wrong-argument', how, status] as const),
      ...[call('get_ec2_status', { instance_id: known.healthyInstance, metrics: 'cpu' }), says('24 %.')],
    ],
    ['words where a read was asked for', 'wrong-end', how, status, says('It is at 96 %.')],
    ['words where a change was asked for', 'wrong-end', please, reboot, says('Are you sure?')],
    [
      'the change of another instance',
      'wrong-write',
      please,
      reboot,
      call('reboot_ec2', { instance_id: known.healthyInstance }),
    ],
    [
      'a change where none was asked for',
      'wrong-write',
      `should I reboot ${WEB}?`,
      { menu: 'hypothetical' },
      call('reboot_ec2', { instance_id: WEB }),
    ],
    [
      'a change beside the read',
      'wrong-write',
      how,
      status,
      {
        calls: [
          ['get_ec2_status', status.input],
          ['reboot_ec2', reboot.input],
        ],
      },
    ],
    [
      ...([
        'an incident whose severity nobody named, which waits for a press,',
        'wrong-end',
        'open an incident: checkout is down',
        { ask: 'severity' },
      ] as const),
      call('create_incident_record', { summary: 'checkout is down', severity: 'high' }),
    ],
    [
      ...(['a post in other words', 'wrong-end', 'let #ops know that the deploy is done'] as const),
      { tool: 'post_summary_to_channel', input: { text: 'the deploy is done', channel: '#ops' } },
      call('post_summary_to_channel', { text: 'The deploy went very well', channel: '#ops' }),
    ],
    [
      ...(['a second post in other words', 'wrong-end', 'let #ops know that the deploy is done'] as const),
      { tool: 'post_summary_to_channel', input: { text: 'the deploy is done', channel: '#ops' } },
      {
        calls: ['The deploy is done.', 'It went well.'].map((text) => [
          'post_summary_to_channel',
          { text, channel: '#ops' },
        ]),
      },
    ],
    [
      'a post that nobody asked for',
      'wrong-end',
      'the weather is nice today',
      { quiet: true },
      call('post_summary_to_channel', { text: 'Sun.' }),
    ],
  ];
  for (const [what, verdict, text, expected, ...moves] of caught) {
    it(`puts ${what} into the column ${verdict} [L8]`, async () => {
      const ran = await judged(text, expected, ...moves);

      expect(ran?.verdict).to.equal(verdict);
    });
  }

  it('takes further reads, another way to write the window and the home Region as right [L8]', async () => {
    const expected = { tool: 'get_ec2_status', input: { instance_id: WEB, time_window: 'last 2 hours' } };
    const input = { instance_id: WEB, time_window: '2h', region: 'eu-west-1', metrics: 'network' };

    const ran = await judged(
      `how was ${WEB} over the last 2 hours`,
      expected,
      call('list_alarms'),
      call('get_ec2_status', input),
    );

    expect(ran?.verdict).to.equal('right');
  });

  it('takes the change that a model found out by reading as right, and only that one [L8]', async () => {
    const expected: Expected = { ask: 'instance_id' };
    const look = call('list_ec2_instances');

    const found = await judged('reboot web-2', expected, look, call('reboot_ec2', { instance_id: WEB }));
    const other = await judged(
      'reboot web-2',
      expected,
      look,
      call('reboot_ec2', { instance_id: known.healthyInstance }),
    );

    expect([found?.verdict, other?.verdict]).to.deep.equal(['right', 'wrong-write']);
  });

  it('counts tokens, cost and time of every answer of the model [L8]', async () => {
    const ran = await judged(how, status, call('get_ec2_status', status.input), says('96 %.'));

    expect(ran?.taken).to.deep.equal({ costUsd: 0.006, tokens: 2200 });
    expect(ran?.heard.seconds).to.be.within(0.001, 60);
  });

  it('does not count for the model what the phrases understood while it was away [L8]', async () => {
    const gone = await openVendor();
    await gone.stop();

    const [ran] = await runSentences(gone.subject, [{ text: please, category: 'one', expected: reboot }]);

    expect(ran?.heard.asked).to.have.length(1);
    expect(ran?.verdict).to.equal('away');
  });
});
